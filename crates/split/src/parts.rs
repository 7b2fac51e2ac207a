//! One module becomes two. The first keeps what is called early. A function that is not, but that the first refers to, is a door
//! there: it asks for the rest if that is not here yet, and goes on through a slot of the table, where the rest has put the function.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use walrus::ir::{UnaryOp, Value, Visitor, dfs_in_order};
use walrus::passes::gc;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportKind, ImportedFunction, InstrSeqBuilder, LocalFunction, Module, TableId, ValType,
};

use crate::{Failure, open};

/// The module from which the rest imports: `worker_bg.wasm`'s exports.
const FIRST: &str = "first";
/// A function that the first imports, beside wasm-bindgen's: when it returns, the rest is here.
const MORE: &str = "more";

/// What both halves need to know of the whole.
struct Plan {
    /// For each function, in the order of the module, whether it stays in the first.
    stays: Vec<bool>,
    /// The functions that become doors.
    doors: Vec<usize>,
    /// The slot of the table that the first door goes through; the others follow.
    slots: i32,
    /// The global in which the first keeps whether the rest is here. Its name is a digest of the whole: halves of different wholes do
    /// not link.
    here: String,
}

/// The module with what is `called`, and the one with the rest.
pub fn split(wasm: &[u8], called: &[bool]) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let (mut first, mut more) = (open(wasm)?, open(wasm)?);
    let stays = first.funcs.iter().zip(called);
    let stays: Vec<bool> =
        stays.map(|(function, called)| *called || !matches!(function.kind, FunctionKind::Local(_))).collect();
    let mut digest = DefaultHasher::new();
    (wasm, called).hash(&mut digest);
    let slots = first.tables.get(table(&first)?).initial;
    let slots = i32::try_from(slots).map_err(|_| "its table is too long")?;
    let plan = Plan { doors: doors(&first, &stays), stays, slots, here: format!("here-{:016x}", digest.finish()) };
    leave(&mut more, &plan)?;
    keep(&mut first, &plan, &more)?;
    Ok((first.emit_wasm(), more.emit_wasm()))
}

fn ids(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(walrus::Function::id).collect()
}

fn table(module: &Module) -> Result<TableId, Failure> {
    module.tables.main_function_table().ok().flatten().ok_or_else(|| "it has no table of functions".into())
}

/// Of the functions that do not stay, those that what stays refers to.
fn doors(module: &Module, stays: &[bool]) -> Vec<usize> {
    struct Refers(BTreeSet<FunctionId>);
    impl Visitor<'_> for Refers {
        fn visit_function_id(&mut self, id: &FunctionId) {
            self.0.insert(*id);
        }
    }
    let mut refers = Refers(module.start.into_iter().collect());
    for (function, _) in module.funcs.iter().zip(stays).filter(|(_, stays)| **stays) {
        if let FunctionKind::Local(local) = &function.kind {
            dfs_in_order(&mut refers, local, local.entry_block());
        }
    }
    for element in module.elements.iter() {
        if let ElementItems::Functions(items) = &element.items {
            refers.0.extend(items);
        }
    }
    for export in module.exports.iter() {
        if let ExportItem::Function(id) = export.item {
            refers.0.insert(id);
        }
    }
    let ids = ids(module).into_iter().zip(stays).enumerate();
    ids.filter(|(_, (id, stays))| !**stays && refers.0.contains(id)).map(|(at, _)| at).collect()
}

/// Makes the first half: it lends the rest what that imports, and has doors for what it calls of it.
fn keep(first: &mut Module, plan: &Plan, more: &Module) -> Result<(), Failure> {
    let (table, ids) = (table(first)?, ids(first));
    lend(first, &ids, more)?;
    let here = first.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    first.exports.add(&plan.here, here);
    let module = first.imports.iter().next().ok_or("it imports nothing")?.module.clone();
    let nothing = first.types.add(&[], &[]);
    let (ask, _) = first.add_import_func(&module, MORE, nothing);
    let longer = first.tables.get_mut(table);
    longer.initial += plan.doors.len() as u64;
    longer.maximum = longer.maximum.map(|most| most.max(longer.initial));
    for (slot, door) in (plan.slots..).zip(&plan.doors) {
        let door = ids.get(*door).ok_or("a door of no function")?;
        let local = self::door(first, *door, (here, ask), (table, slot));
        first.funcs.get_mut(*door).kind = FunctionKind::Local(local);
    }
    gc::run(first);
    Ok(())
}

/// What stands in the first for a function that is called through a slot.
fn door(
    first: &mut Module,
    id: FunctionId,
    (here, ask): (GlobalId, FunctionId),
    (table, slot): (TableId, i32),
) -> LocalFunction {
    let ty = first.funcs.get(id).ty();
    let (params, results) = first.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let args: Vec<_> = params.iter().map(|kind| first.locals.add(*kind)).collect();
    let mut builder = FunctionBuilder::new(&mut first.types, &params, &results);
    let mut body = builder.func_body();
    let asks = |then: &mut InstrSeqBuilder<'_>| {
        then.call(ask);
    };
    body.global_get(here).unop(UnaryOp::I32Eqz).if_else(None, asks, |_| {});
    for arg in &args {
        body.local_get(*arg);
    }
    body.i32_const(slot).call_indirect(ty, table);
    builder.local_func(args)
}

/// Makes the second half: what stays is imported, what does not is put into the slots, and then the rest is here.
fn leave(more: &mut Module, plan: &Plan) -> Result<(), Failure> {
    let (table, ids) = (table(more)?, ids(more));
    let Module { imports, exports, memories, tables, globals, data, elements, funcs, .. } = more;
    // What the first does when it starts is done.
    exports.iter().map(walrus::Export::id).collect::<Vec<_>>().into_iter().for_each(|id| exports.delete(id));
    imports.iter().map(walrus::Import::id).collect::<Vec<_>>().into_iter().for_each(|id| imports.delete(id));
    data.iter().map(walrus::Data::id).collect::<Vec<_>>().into_iter().for_each(|id| data.delete(id));
    elements.iter().map(walrus::Element::id).collect::<Vec<_>>().into_iter().for_each(|id| elements.delete(id));
    for (at, memory) in memories.iter_mut().enumerate() {
        memory.data_segments.clear();
        memory.import = Some(imports.add(FIRST, &format!("m{at}"), memory.id()));
    }
    for (at, table) in tables.iter_mut().enumerate() {
        table.elem_segments.clear();
        // Whatever the first has made of it.
        table.maximum = None;
        table.import = Some(imports.add(FIRST, &format!("t{at}"), table.id()));
    }
    for (at, id) in globals.iter().map(walrus::Global::id).collect::<Vec<_>>().into_iter().enumerate() {
        globals.get_mut(id).kind = GlobalKind::Import(imports.add(FIRST, &format!("g{at}"), id));
    }
    for (at, id) in ids.iter().enumerate().filter(|(at, _)| plan.stays[*at]) {
        let (import, ty) = (imports.add(FIRST, &format!("f{at}"), *id), funcs.get(*id).ty());
        funcs.get_mut(*id).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    let items = ElementItems::Functions(plan.doors.iter().map(|door| ids[*door]).collect());
    let offset = ConstExpr::Value(Value::I32(plan.slots));
    let element = elements.add(ElementKind::Active { table, offset }, items);
    tables.get_mut(table).elem_segments.insert(element);
    let (here, _) = more.add_import_global(FIRST, &plan.here, ValType::I32, true, false);
    let mut start = FunctionBuilder::new(&mut more.types, &[], &[]);
    start.func_body().i32_const(1).global_set(here);
    more.start = Some(start.finish(vec![], &mut more.funcs));
    gc::run(more);
    Ok(())
}

/// Exports what the rest imports, under the same names: a kind and a place.
fn lend(first: &mut Module, ids: &[FunctionId], more: &Module) -> Result<(), Failure> {
    for import in more.imports.iter() {
        // The one that has no place is added by the first itself.
        let Ok(at) = import.name[1..].parse::<usize>() else { continue };
        let item: Option<ExportItem> = match import.kind {
            ImportKind::Function(_) => ids.get(at).map(|id| (*id).into()),
            ImportKind::Table(_) => first.tables.iter().nth(at).map(|table| table.id().into()),
            ImportKind::Memory(_) => first.memories.iter().nth(at).map(|memory| memory.id().into()),
            ImportKind::Global(_) => first.globals.iter().nth(at).map(|global| global.id().into()),
            ImportKind::Tag(_) => None,
        };
        let item = item.ok_or_else(|| format!("the rest wants {}, which the first does not have", import.name))?;
        first.exports.add(&import.name, item);
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test's helpers are tests")]
mod tests {
    use super::*;
    use std::process::Command;
    use walrus::ir::{BinaryOp, LoadKind, MemArg};

    /// `early(x)` calls `double(x)` and `late(x)`; `late(x)` calls `double(x)`, adds what stands in memory, and `by(x)`, which is called
    /// through the table as well.
    fn whole() -> Vec<u8> {
        let mut module = Module::default();
        let ty = module.types.add(&[ValType::I32], &[ValType::I32]);
        module.add_import_func("w", "unused", ty);
        let memory = module.memories.add_local(false, false, 1, None, None);
        let active = walrus::DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(8)) };
        let data = module.data.add(active, vec![100, 0, 0, 0]);
        module.memories.get_mut(memory).data_segments.insert(data);
        let table = module.tables.add_local(false, 1, Some(1), walrus::RefType::FUNCREF);
        let mut function = |body: &dyn Fn(&mut InstrSeqBuilder<'_>, walrus::LocalId)| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
            let x = module.locals.add(ValType::I32);
            body(&mut builder.func_body(), x);
            builder.finish(vec![x], &mut module.funcs)
        };
        let double = function(&|body, x| {
            body.local_get(x).i32_const(2).binop(BinaryOp::I32Mul);
        });
        let by = function(&|body, x| {
            body.local_get(x).i32_const(1000).binop(BinaryOp::I32Add);
        });
        let late = function(&|body, x| {
            body.local_get(x).call(double).i32_const(8);
            body.load(memory, LoadKind::I32 { atomic: false }, MemArg { align: 4, offset: 0 });
            body.binop(BinaryOp::I32Add).call(by);
        });
        let early = function(&|body, x| {
            body.local_get(x).call(double).local_get(x).call(late).binop(BinaryOp::I32Add);
            body.i32_const(0).call_indirect(ty, table);
        });
        let items = ElementItems::Functions(vec![by]);
        let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(0)) };
        let element = module.elements.add(kind, items);
        module.tables.get_mut(table).elem_segments.insert(element);
        module.exports.add("early", early);
        module.emit_wasm()
    }

    /// What Node says to a script that has both halves.
    fn node(first: &[u8], more: &[u8], script: &str) -> String {
        let bytes = |wasm: &[u8]| format!("new WebAssembly.Module(new Uint8Array({wasm:?}))");
        let script = format!(
            "let asked = 0; const more = () => {{ asked++; new WebAssembly.Instance({}, {{ first }}) }};
             const first = new WebAssembly.Instance({}, {{ w: {{ more, unused: () => 0 }} }}).exports; {script}",
            bytes(more),
            bytes(first)
        );
        let said = Command::new("node").args(["-e", &script]).output().unwrap();
        String::from_utf8([said.stdout, said.stderr].concat()).unwrap()
    }

    #[test]
    fn halves_do_what_the_whole_does_and_the_second_comes_once() {
        // 5 × 2 + (5 × 2 + 100 + 1000) + 1000
        let script = "console.log(first.early(5), first.early(5), asked)";
        let wasm = whole();
        for called in [[true, true, false, false, true], [true, true, true, false, true], [false; 5], [true; 5]] {
            let (first, more) = split(&wasm, &called).unwrap();
            let asked = u32::from(called.contains(&false));
            assert_eq!(node(&first, &more, script), format!("2120 2120 {asked}\n"), "{called:?}");
        }
    }

    #[test]
    fn halves_of_different_wholes_do_not_link() {
        let wasm = whole();
        let (first, _) = split(&wasm, &[true, true, false, false, true]).unwrap();
        let (_, more) = split(&wasm, &[true, true, false, true, true]).unwrap();
        let said = node(&first, &more, "try { first.early(5) } catch (error) { console.log(error.name) }");
        assert_eq!(said, "LinkError\n");
    }
}
