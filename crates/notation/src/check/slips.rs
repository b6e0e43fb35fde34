//! A small catalogue that holds together, and one slip in it for every word that could mean nothing.

use super::check;
use crate::read::{product, resource};
use crate::{Catalogue, Grade, LedgerLine};

const PRODUCT: &str = r#"
title = "Demo"
doc = "A family to make slips in."
dialect = "zia"
prefix = "/demo"
grant = "DEMO"
ids = { counter = { name = "demo", start = 1 } }
page = { style = "array", size = 20, max = 500 }
status = { list = 200, read = 200, create = 201, update = 200, delete = 204 }
update = { bool = "keep", any = "clear" }
lengths = { name = 255, any = 1000, list = 100 }
quota = "10, 10;w=1, 500;w=60"
limits = { GET = "2/s 1000/h", write = "1/s" }

[types.Span]
from = { type = "int", access = "required" }
to = { type = "int", min = 1 }
"#;

const ROOM: &str = r#"
noun = "room"
doc = "A room of a house."
path = "/houses/{houseId}/rooms"
scope = "demo.house"
order_by = "-name"
search = ["name", "hours.note"]
contended = "houseId"
limit = 3
limit_message = "too many"
evidence = "seen"
when = [{ field = "use", is = "OFFICE", needs = ["name"] }]

[operations]
list = { where = { hidden = false } }
read = { view = "lite" }
create = { status = 200, limits = "4/min 40/h" }
delete = { unless = "referenced", force = "forced", answer = { gone = "{id}" } }
count = { get = "/rooms/count", does = "counted", query = { floor = "Which." }, returns = "list<Hours>" }

[filters]
house = { field = "houseId.name", match = "contains" }
shown = { field = "hidden", match = "unless", on = true }

[fields]
id = { type = "id", access = "server" }
name = { type = "string", unique = "exact", within = "houseId" }
use = { type = "enum", values = ["OFFICE", "HALL"], default = "HALL", was = { STUDY = "OFFICE" } }
hidden = { type = "bool", default = false }
hours = { type = "list<Hours>" }
span = { type = "Span" }
mail = { type = "string", format = "email" }
houseId = { type = "link demo.house", view = "lite", hydrated = ["read"], stub = { open = true } }
houseName = { type = "string", access = "server", from = "houseId.name" }

[behaviours]
counted = { by = "demo.house.name", of = ["demo.house"] }

[types.Hours]
note = { type = "string" }

[views]
lite = ["id", "name"]
"#;

const HOUSE: &str = r#"
noun = "house"
doc = "A house."
path = "/houses"
evidence = "guessed"

[operations]
read = {}

[fields]
id = { type = "id", access = "server" }
name = { type = "string" }
open = { type = "bool" }
rooms = { type = "list<ref demo.room>", inverse = "houseId" }

[views]
lite = ["name"]
"#;

const ROOMS: &str = r#"[
    { "id": "{customer+1}", "name": "{vanity}", "houseId": "9", "use": "HALL", "span": { "from": 1 } },
    { "id": 2, "mail": "x@y.example", "hours": [{ "note": "%s(,){Any}" }] }
]"#;

const HOUSES: &str = r#"[{ "id": 9 }]"#;

/// What is told of the catalogue when a text of its files is another.
fn told(from: &str, to: &str) -> String {
    let whole = [PRODUCT, ROOM, HOUSE, ROOMS, HOUSES].concat();
    assert!(from.is_empty() || whole.contains(from), "no file has `{from}`");
    let changed = |text: &str| if from.is_empty() { text.to_owned() } else { text.replacen(from, to, 1) };
    read(&changed).unwrap_or_else(|wrong| wrong)
}

fn read(changed: &dyn Fn(&str) -> String) -> Result<String, String> {
    let demo = product("demo", &changed(PRODUCT))?;
    let room = resource(&demo, "room", &changed(ROOM))?;
    let house = resource(&demo, "house", &changed(HOUSE))?;
    let mut catalogue = Catalogue {
        products: vec![demo],
        resources: vec![room, house],
        fresh: vec![("demo.room".into(), changed(ROOMS)), ("demo.house".into(), changed(HOUSES))],
        ..Catalogue::default()
    };
    for operation in catalogue.resources.iter().flat_map(|resource| resource.operations.values()) {
        let (method, path) = (operation.method, format!("/demo{}", operation.path));
        let (product, grade) = ("demo".to_owned(), Grade::Stored);
        let (operation, evidence) = (String::new(), String::new());
        catalogue.ledger.push(LedgerLine { product, method, path, operation, grade, evidence });
    }
    Ok(check(&catalogue).join("\n"))
}

#[test]
fn without_a_slip_nothing_is_told() {
    assert_eq!(told("", ""), "");
}

#[test]
fn a_path_is_in_the_ledger_once() {
    let line = |path: &str, product: &str| LedgerLine {
        product: product.into(),
        method: crate::Method::Get,
        path: path.into(),
        operation: String::new(),
        grade: Grade::Absent,
        evidence: String::new(),
    };
    let ledger = vec![line("/a/{b}", "demo"), line("/a/{c}", "demo")];
    let told = check(&Catalogue { ledger, ..Catalogue::default() }).join("\n");
    assert!(told.contains("/a/{c}: it is there twice") && told.contains("there is no `demo`"), "{told}");
}

/// `name: slip => what is told of it`; the slip is a text of the files and what is written instead.
macro_rules! slips {
    ($($name:ident: $from:literal, $to:literal => $told:literal;)*) => {$(
        #[test]
        fn $name() {
            let told = told($from, $to);
            assert!(told.contains($told), "`{}` is not told of: {told}", $told);
        }
    )*};
}

slips! {
    a_dialect_is_known: "\"zia\"", "\"zai\"" => "expected one of `zia`, `ztw`, `zpa`";
    a_prefix_is_one_label: "\"/demo\"", "\"demo\"" => "demo/_product.toml: prefix: `demo` is no label";
    a_counter_starts_somewhere: "start = 1", "start = -1" => "demo/_product.toml: ids: a counter";
    a_page_style_is_known: "\"array\"", "\"arry\"" => "unknown variant `arry`";
    a_page_has_the_keys_of_its_style: "size = 20, max = 500", "max = 500" => "page: a page needs `size`";
    a_page_has_no_keys_of_another: "max = 500", "max = 500, current = true" => "are of `totals`";
    a_status_is_of_a_verb: "update = 200", "updtae = 200" => "unknown variant `updtae`";
    a_status_is_one_of_success: "create = 201", "create = 400" => "400 is no status of success";
    every_verb_has_a_status: ", delete = 204", "" => "status: it needs one for delete";
    what_an_update_does_is_of_a_type: "bool = \"keep\"", "bol = \"keep\"" =>
        "update: `bol` is none of `bool`, `enum`";
    a_length_is_of_a_text: "lengths = { name", "lengths = { nmae" => "lengths: no text is named `nmae`";
    a_quota_is_a_header: "10;w=1", "10;w=s" => "is no quota";
    a_limit_is_of_a_class: "write = \"1/s\"", "wirte = \"1/s\"" => "unknown field `wirte`";
    a_limit_of_a_product_is_one: "2/s 1000/h", "2/s 1000/hour" => "`1000/hour` is no limit";
    a_limit_of_an_operation_is_one: "4/min", "4/m" => "`4/m` is no limit";
    a_shared_type_is_checked: "to = { type = \"int\"", "to = { type = \"Nit\"" =>
        "there is no value type `Nit`; there are `Span`";
    a_scope_is_a_kind: "scope = \"demo.house\"", "scope = \"demo.huose\"" =>
        "demo/room.toml: scope: there is no resource `demo.huose`; there are `demo.house`, `demo.room`";
    an_order_is_by_a_member: "\"-name\"", "\"-nmae\"" =>
        "order_by: there is no field `nmae`; there are `id`, `name`";
    a_search_is_of_members: "[\"name\", \"hours", "[\"nmae\", \"hours" => "search: there is no field `nmae`";
    a_search_reaches_into_types: "hours.note", "hours.nte" =>
        "search: there is no field `nte`; there are `note`";
    a_search_stays_in_the_record: "hours.note", "houseId.name" => "search: `houseId` has no members";
    what_is_contended_is_of_a_path: "contended = \"houseId\"", "contended = \"roomId\"" =>
        "contended: no write has a path parameter `roomId`; there are `houseId`";
    a_message_is_of_a_limit: "limit = 3\n", "" => "limit_message";
    evidence_is_of_a_known_sort: "\"guessed\"", "\"gussed\"" => "not `gussed`";
    a_condition_is_on_a_member: "field = \"use\"", "field = \"sue\"" => "when: there is no field `sue`";
    a_condition_can_come_true: "is = \"OFFICE\"", "is = \"OFICE\"" =>
        "`use` is never \"OFICE\": it is a enum; there are `OFFICE`, `HALL`";
    a_condition_needs_members: "needs = [\"name\"]", "needs = [\"nmae\"]" => "when: there is no field `nmae`";
    a_condition_asks_for_something: ", needs = [\"name\"]", "" => "when: `use` needs and forbids nothing";
    where_is_of_members: "where = { hidden", "where = { hiden" => "`where`: there is no field `hiden`";
    where_can_match: "where = { hidden = false", "where = { hidden = 0" => "`where`: `hidden` is never 0";
    where_is_of_lists: "read = { view", "read = { where = { hidden = false }, view" => "`where` is of lists";
    an_operation_shows_a_view: "view = \"lite\" }\ncreate", "view = \"lit\" }\ncreate" =>
        "there is no view `lit`; there are `lite`";
    an_operation_succeeds: "status = 200, limits", "status = 500, limits" => "operation `create`: 500";
    unless_is_referenced: "\"referenced\"", "\"refrenced\"" => "unknown variant `refrenced`";
    unless_is_of_deletes: "create = { status", "create = { unless = \"referenced\", status" =>
        "`unless` is of deletes";
    force_is_of_what_is_refused: "unless = \"referenced\", force", "force" =>
        "`force` is for what is refused";
    an_answer_tells_the_id: "\"{id}\"", "\"{di}\"" => "`{id}` alone stands for something";
    reads_is_of_writes: "does = \"counted\"", "does = \"counted\", reads = true" =>
        "`reads` is of methods that write";
    a_query_has_names: "floor =", "\"fl oor\" =" => "`query`: `fl oor`";
    what_is_returned_is_a_type: "list<Hours>\" }", "list<Huors>\" }" =>
        "there is no value type `Huors`; there are `Hours`, `Span`";
    a_body_is_a_type: "returns =", "body = \"reed\", returns =" => "`reed` is no type";
    a_filter_is_of_a_member: "houseId.name\", match", "houseId.nmae\", match" =>
        "filter `house`: there is no field `nmae`";
    a_filter_compares: "\"contains\"", "\"contain\"" => "unknown variant `contain`";
    a_flag_needs_its_value: ", on = true", "" => "filter `shown`: `flag` and `unless` need";
    a_flag_can_be_on: "on = true", "on = \"yes\"" => "filter `shown`: `on`: \"yes\" is no bool";
    a_view_is_of_members: "[\"id\", \"name\"]", "[\"id\", \"nmae\"]" =>
        "view `lite`: there is no field `nmae`";
    within_is_a_member: "within = \"houseId\"", "within = \"huoseId\"" =>
        "`within`: there is no field `huoseId`";
    within_is_of_what_is_unique: "unique = \"exact\", ", "" => "`within` is of what is `unique`";
    a_default_is_a_word: "default = \"HALL\"", "default = \"HAL\"" => "the default \"HAL\" is no enum";
    an_old_word_leads_to_todays: "STUDY = \"OFFICE\"", "STUDY = \"OFICE\"" => "`STUDY` to `OFICE`";
    words_are_of_enums: "hidden = { type = \"bool\"", "hidden = { values = [\"A\"], type = \"bool\"" =>
        "an enum needs `values`";
    a_word_is_there_once: "\"HALL\"], ", "\"HALL\", \"HALL\"], " => "`values` has `HALL` twice";
    a_format_is_known: "\"email\"", "\"emial\"" => "unknown variant `emial`";
    bounds_are_of_what_has_some: "hidden = { type = \"bool\"", "hidden = { max = 3, type = \"bool\"" =>
        "not of bool";
    a_link_shows_a_view: "view = \"lite\", hydrated", "view = \"lit\", hydrated" =>
        "`view`: demo.house has no view `lit`; there are `lite`";
    a_stub_has_members_of_its_target: "stub = { open", "stub = { opne" =>
        "`stub`: demo.house has no field `opne`";
    a_stub_stands_somewhere: "hydrated = [\"read\"], ", "" => "say where it is";
    what_is_said_of_links_is_of_links: "mail = { type", "mail = { loose = true, type" =>
        "`inverse` are of references";
    a_reference_is_to_a_kind: "link demo.house", "link demo.huose" => "there is no resource `demo.huose`";
    from_goes_through_a_reference: "from = \"houseId.name\"", "from = \"name.name\"" =>
        "`from`: `name` is no reference";
    from_ends_at_a_member: "from = \"houseId.name\"", "from = \"houseId.nmae\"" =>
        "`from`: there is no field `nmae`";
    an_inverse_points_back: "inverse = \"houseId\"", "inverse = \"name\"" => "does not point here";
    an_inverse_is_a_member: "inverse = \"houseId\"", "inverse = \"huose\"" =>
        "`inverse`: in demo.room: there is no field `huose`";
    a_value_is_not_unique: "note = { type = \"string\"", "note = { unique = \"exact\", type = \"string\"" =>
        "`unique` is of a record's own members";
    a_behaviours_kind_is_one: "of = [\"demo.house\"]", "of = [\"demo.huose\"]" =>
        "behaviour `counted`: `demo.huose`: there is no resource `demo.huose`";
    a_behaviours_member_is_one: "demo.house.name", "demo.house.nmae" =>
        "behaviour `counted`: `demo.house.nmae`: there is no field `nmae`";
    a_record_has_known_members: "\"mail\":", "\"mial\":" =>
        "demo/room.fresh.json: [1]: `mial`: there is no field `mial`";
    a_record_has_values_of_its_types: "\"houseId\": \"9\"", "\"houseId\": true" =>
        "demo/room.fresh.json: [0]: `houseId`: true is no link demo.house";
    a_record_points_at_what_is_there: "\"houseId\": \"9\"", "\"houseId\": \"8\"" =>
        "`houseId`: a tenant has no `8` of demo.house";
    a_record_has_words_that_are_some: "\"use\": \"HALL\"", "\"use\": \"HAL\"" =>
        "\"HAL\" is none of `OFFICE`, `HALL`";
    a_record_has_an_id_of_its_own: "\"id\": 2", "\"id\": \"{customer+1}\"" =>
        "[1]: another record has the id `{customer+1}`";
    a_record_has_whole_values: "\"from\": 1", "\"to\": 1" => "`span.from` is missing";
    a_record_has_values_in_range: "\"from\": 1", "\"from\": 1, \"to\": 0" => "`span.to`: 0 is out of range";
    a_record_has_texts_of_their_form: "x@y.example", "x.y.example" =>
        "`mail`: `x.y.example` is no e-mail address";
    a_placeholder_is_the_tenants: "{vanity}", "{vantiy}" => "`name`: `{vantiy}` stands for nothing";
}
