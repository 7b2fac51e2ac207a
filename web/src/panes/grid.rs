//! The what-if grid: the same text over two axes, each cell a whole run that a click opens.

use crate::{
    panes::{drawer::Props, icon, tone},
    state::Action,
};
use scenario::told::{Cell, Choice, Futures, Grid};
use yew::prelude::*;

/// Which axes the grid has.
pub fn controls(props: &Props) -> Html {
    let Some(grid) = &props.grid else { return Html::default() };
    let (rows, columns) = props.axes;
    let axis = |name: &'static str, chosen: u16, other: fn((u16, u16), u16) -> Action| {
        let (act, axes) = (props.act.clone(), props.axes);
        let changed = Callback::from(move |event: Event| {
            let list = event.target_dyn_into::<web_sys::HtmlSelectElement>();
            if let Some(at) = list.and_then(|list| u16::try_from(list.selected_index()).ok()) {
                act.emit(other(axes, at));
            }
        });
        html! {
            <label class="field">{ name }{ " " }<select onchange={changed} aria-label={name}>
                { for grid.axes.iter().enumerate().map(|(at, axis)| html! { <option selected={at == usize::from(chosen)}>{ axis.clone() }</option> }) }
            </select></label>
        }
    };
    html! {
        <span class="push">
            { axis("lines", rows, |(_, columns), at| Action::Axes(at, columns)) }
            { axis("columns", columns, |(rows, _), at| Action::Axes(rows, at)) }
        </span>
    }
}

/// The grid.
pub fn draw(props: &Props) -> Html {
    let Some(grid) = &props.grid else {
        let says = match (props.asking, props.now.is_some()) {
            (true, _) => "Running the same text in other worlds …",
            (false, true) => {
                "This text is too long to be run again and again, or has no other axes. Shorten it, and the grid appears."
            }
            (false, false) => {
                "The same text under other consistency, clocks, replicas, drivers: each cell will be a whole run. Press Run first."
            }
        };
        return html! { <p class="none">{ says }</p> };
    };
    html! {
        <div class="whatif" tabindex="0" role="region" aria-label="What-if grid">
            <table>
                <thead><tr><td>{ "what comes of it when …" }</td>{ for grid.columns.iter().map(|choice| html! { <th scope="col">{ choice.label.clone() }</th> }) }</tr></thead>
                <tbody>{ for grid.rows.iter().enumerate().map(|(at, choice)| line(at, choice, grid, props)) }</tbody>
            </table>
            <p class="moral">{ grid.moral.clone() }{ props.futures.as_ref().map(|futures| luck(futures)).unwrap_or_default() }</p>
        </div>
    }
}

/// What other seeds come to, in a sentence.
fn luck(futures: &Futures) -> String {
    if futures.same == futures.of {
        return format!(" Luck has no say: with {} other seeds it ends the same.", futures.of);
    }
    let told: Vec<String> =
        futures.outcomes.iter().take(4).map(|(words, count)| format!("{words} in {count}")).collect();
    format!(" Luck has a say: of {} other seeds, {}.", futures.of, told.join(", "))
}

fn line(row: usize, choice: &Choice, grid: &Grid, props: &Props) -> Html {
    let wide = grid.columns.len();
    let cells = grid.cells.iter().skip(row * wide).take(wide).enumerate();
    html! {
        <tr><th scope="row">{ choice.label.clone() }</th>
            { for cells.map(|(column, cell)| html! { <td>{ one(row, column, cell, props) }</td> }) }
        </tr>
    }
}

fn one(row: usize, column: usize, cell: &Cell, props: &Props) -> Html {
    if cell.words.is_empty() {
        return html! { <span class="no" title="It does not run to its end so">{ "–" }</span> };
    }
    let tone = tone(&cell.words);
    let sign = if tone == "tt" { icon("#stone", 10) } else { Html::default() };
    if (row, column) == (0, 0) {
        return html! { <span class={classes!("cell", "own", tone)} title="The text as it is">{ sign }{ cell.words.clone() }</span> };
    }
    let act = props.act.clone();
    let press = move |_| act.emit(Action::Enter(row, column));
    html! { <button class={classes!("cell", tone, cell.same.then_some("same"))} title="Open this world" onclick={press}>{ sign }{ cell.words.clone() }</button> }
}
