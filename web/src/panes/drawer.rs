//! The drawer: the log, the ledger, the grid, the history; one of them at a time.

use crate::{
    panes::{difference, grid, history, ledger, log, press},
    scene::{Difference, Ledger},
    state::{Action, Drawer, Past, thousands},
};
use scenario::told::{Futures, Grid};
use std::rc::Rc;
use yew::prelude::*;

/// What the drawer is given.
#[derive(Clone, PartialEq)]
pub struct Props {
    /// The open tab.
    pub open: Drawer,
    /// The log.
    pub events: log::Props,
    /// What became of each write; none: nothing has run.
    pub ledger: Option<Rc<Ledger>>,
    /// The grid, once it is there.
    pub grid: Option<Rc<Grid>>,
    /// What other seeds come to, once it is known.
    pub futures: Option<Rc<Futures>>,
    /// Whether the grid is being run.
    pub asking: bool,
    /// The grid's axes.
    pub axes: (u16, u16),
    /// Earlier runs, the newest first.
    pub past: Vec<Past>,
    /// The future beside, and what differs from it.
    pub difference: Option<(String, Rc<Difference>)>,
    /// The digest of the run that is shown.
    pub now: Option<String>,
    /// What happens.
    pub act: Callback<Action>,
}

/// The drawer.
pub fn draw(props: &Props) -> Html {
    let tab = |(at, tab): (usize, Drawer)| {
        let on = tab == props.open;
        let count = match tab {
            Drawer::Events => u64::from(props.events.of),
            Drawer::Ledger => props.ledger.as_ref().map_or(0, |ledger| (ledger.entries.len() + ledger.more) as u64),
            Drawer::WhatIf | Drawer::Difference => 0,
            Drawer::History => props.past.len() as u64,
        };
        html! {
            <button role="tab" id={format!("tab-{}", at + 1)} class={on.then_some("on")} aria-selected={on.to_string()} aria-controls="drawer" title={format!("Key {}", at + 1)} onclick={press(&props.act, Action::Drawer(tab))}>
                { tab.name() }if count > 0 { <span class="count">{ thousands(count) }</span> }
            </button>
        }
    };
    html! {
        <section class="drawer" aria-label="Details">
            <div class="tabs">
                <div role="tablist" aria-label="Details">{ for Drawer::ALL.into_iter().enumerate().map(tab) }</div>
                { match props.open {
                    Drawer::Events => log::controls(&props.events),
                    Drawer::WhatIf => grid::controls(props),
                    Drawer::Ledger | Drawer::History | Drawer::Difference => Html::default(),
                } }
            </div>
            <div key={props.open.name()} class="body" id="drawer" role="tabpanel" aria-label={props.open.name()}>
                { match props.open {
                    Drawer::Events => log::draw(&props.events),
                    Drawer::Ledger => ledger::draw(props),
                    Drawer::WhatIf => grid::draw(props),
                    Drawer::History => history::draw(props),
                    Drawer::Difference => difference::draw(props),
                } }
            </div>
        </section>
    }
}
