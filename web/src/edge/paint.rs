//! The canvas under a crowded stage.

use super::{document, window};
use crate::{
    panes::stage::{Layer, Props, layers},
    scene::Side,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Paints the stage's crowd, if there is a canvas for it: in the page's colours, at the screen's own resolution.
pub(super) fn paint(props: &Props) -> Option<()> {
    let canvas: HtmlCanvasElement = document()?.get_element_by_id("crowd")?.dyn_into().ok()?;
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let style = window()?.get_computed_style(&canvas).ok()??;
    let dots = window()?.device_pixel_ratio();
    let (layers, (width, height)) = layers(props);
    canvas.set_width((f64::from(width) * dots) as u32);
    canvas.set_height((f64::from(height) * dots) as u32);
    pen.scale(dots, dots).ok()?;
    let faint = js_sys::Number::parse_float(&style.get_property_value("--future").ok()?);
    for layer in &layers {
        let colour = style.get_property_value(layer.token).ok()?;
        pen.set_fill_style_str(colour.trim());
        pen.set_stroke_style_str(colour.trim());
        pen.set_global_alpha(if layer.future || layer.side == Side::There { faint } else { 1.0 });
        pen.set_line_width(if layer.side == Side::Here { 2.0 } else { 1.0 });
        draw(&pen, layer)?;
    }
    Some(())
}

fn draw(pen: &CanvasRenderingContext2d, layer: &Layer) -> Option<()> {
    const ROUND: f64 = std::f64::consts::TAU;
    let dash = if layer.side == Side::There { js_sys::Array::of2(&2.into(), &3.into()) } else { js_sys::Array::new() };
    pen.set_line_dash(&JsValue::from(dash)).ok()?;
    pen.begin_path();
    for [x1, y1, x2, y2] in layer.lines.iter().map(|line| line.map(f64::from)) {
        pen.move_to(x1, y1);
        pen.line_to(x2, y2);
    }
    pen.stroke();
    pen.begin_path();
    for [x, y, radius] in layer.discs.iter().map(|disc| disc.map(f64::from)) {
        pen.move_to(x + radius, y);
        pen.arc(x, y, radius, 0.0, ROUND).ok()?;
    }
    for [x, y] in layer.stones.iter().map(|stone| stone.map(f64::from)) {
        pen.move_to(x - 3.0, y + 4.0);
        pen.arc(x, y - 1.0, 3.0, ROUND / 2.0, ROUND).ok()?;
        pen.line_to(x + 3.0, y + 4.0);
    }
    pen.fill();
    Some(())
}
