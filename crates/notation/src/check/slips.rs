//! A small catalogue that holds together, and one slip in it for every word that could mean nothing.

use super::check;
use crate::read::{product, resource};
use crate::through::fill;
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
log = { categories = ["Building"], parts = ["Rooms"], actions = ["Tear Down"] }

[types.Span]
from = { type = "int", access = "required" }
to = { type = "int", min = 1 }

[groups.identity]
id = { type = "id", access = "server" }
name = { type = "string", max = 255 }
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
log = { category = "Building", part = "Rooms" }
evidence = "seen"
when = [
    { field = "use", is = "OFFICE", needs = ["name"] },
    { field = "use", not = ["HALL"], only = { hidden = [false] } },
]

[operations]
list = { where = { hidden = false } }
read = { view = "lite" }
create = { status = 200, limits = "4/min 40/h" }
delete = { unless = "referenced", force = "forced", log = "Tear Down", answer = { gone = "{id}" } }
names = { get = "/rooms/names", as = "list", member = "name" }
note = { get = "/rooms/{id}/note", as = "read", member = "span", key = "of", query = { of = "Which." } }
count = { get = "/rooms/count", does = "counted", query = { floor = "Which." }, returns = "list<Hours>" }

[filters]
house = { field = "houseId.name", match = "contains" }
shown = { field = "hidden", match = "unless", on = true }

[fields]
id = "identity"
name = { type = "string", unique = "exact", within = "houseId" }
use = { type = "enum", values = ["OFFICE", "HALL"], default = "HALL", was = { STUDY = "OFFICE" } }
hidden = { type = "bool", default = false }
hours = { type = "list<Hours>" }
span = { type = "Span" }
mail = { type = "string", format = "email" }
houseId = { type = "link demo.house", view = "lite", hydrated = ["read"], stub = { open = true } }
houseName = { type = "string", access = "server", from = "houseId.name" }
often = { type = "int", access = "server", counts = "hours", absent = [{ in = ["list"], when = [0], unless = { hidden = true } }] }

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
id = "identity"
name = "identity"
open = { type = "bool" }
rooms = { type = "list<ref demo.room>", inverse = "houseId" }

[views]
lite = ["name"]
"#;

const ATTIC: &str = r#"
noun = "attic"
doc = "A room below the roof."
path = "/attics"
records = "demo.room"
scope = "demo.house"
evidence = "guessed"

[operations]
list = {}

[fields]
id = "records"
hours = "records"
hidden = { type = "bool", doc = "Nobody knows it." }
"#;

const ROOMS: &str = r#"[
    { "id": "{customer+1}", "name": "{vanity}", "houseId": "9", "use": "HALL", "span": { "from": 1 } },
    { "id": 2, "mail": "x@y.example", "hours": [{ "note": "%s(,){Any}" }] }
]"#;

const HOUSES: &str = r#"[{ "id": 9 }]"#;

/// What is told of the catalogue when a text of its files is another.
fn told(from: &str, to: &str) -> String {
    let whole = [PRODUCT, ROOM, HOUSE, ATTIC, ROOMS, HOUSES].concat();
    assert!(from.is_empty() || whole.contains(from), "no file has `{from}`");
    let changed = |text: &str| if from.is_empty() { text.to_owned() } else { text.replacen(from, to, 1) };
    read(&changed).unwrap_or_else(|wrong| wrong)
}

fn read(changed: &dyn Fn(&str) -> String) -> Result<String, String> {
    let head = changed(PRODUCT);
    let (demo, mut groups) = product("demo", &head)?;
    let room = resource(&demo, &mut groups, "room", &changed(ROOM))?;
    let house = resource(&demo, &mut groups, "house", &changed(HOUSE))?;
    let attic = resource(&demo, &mut groups, "attic", &changed(ATTIC))?;
    groups.all_used()?;
    let mut catalogue = Catalogue {
        products: vec![demo],
        resources: vec![room, house, attic],
        fresh: vec![("demo.room".into(), changed(ROOMS)), ("demo.house".into(), changed(HOUSES))],
        ..Catalogue::default()
    };
    let wrong = fill(&mut catalogue);
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
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
    a_category_of_the_log_is_known: "category = \"Building\"", "category = \"Bulding\"" =>
        "log: there is no category `Bulding`; there are `Building`";
    a_part_of_the_log_is_known: "part = \"Rooms\"", "part = \"Roms\"" => "log: there is no part `Roms`";
    an_action_of_the_log_is_known: "log = \"Tear Down\"", "log = \"Tear\"" => "there is no action `Tear`";
    a_read_is_not_told_by_the_log: "read = { view", "read = { log = \"Tear Down\", view" =>
        "operation `read`: `log` is of what changes something";
    a_group_is_one: "id = \"identity\"", "id = \"identty\"" =>
        "`id`: there is no group `identty`; there are `identity`";
    a_group_has_the_member: "open = { type = \"bool\" }", "open = \"identity\"" =>
        "line 13: group `identity` has no `open`; there are `id`, `name`";
    a_groups_members_are_read: "name = { type = \"string\", max", "name = { type = \"string\", mx" =>
        "unknown field `mx`";
    a_groups_members_are_taken: "name = \"identity\"", "name = { type = \"string\" }" =>
        "line 22: group `identity`: no file takes its `name`";
    records_are_of_a_kind: "records = \"demo.room\"", "records = \"demo.rom\"" =>
        "demo/attic.toml: records: there is no resource `demo.rom`";
    a_member_that_is_taken_over_is_there: "hours = \"records\"", "hour = \"records\"" =>
        "field `hour`: demo.room has no such field; there are `id`, `name`";
    a_member_is_what_it_is_where_it_is_kept: "hidden = { type = \"bool\", doc", "hidden = { type = \"int\", doc" =>
        "field `hidden`: in demo.room, whose records they are, it is a bool";
    what_shows_anothers_records_gives_out_no_ids: "path = \"/attics\"", "path = \"/attics\"\nids = \"uuid\"" =>
        "ids: demo/room.toml says that";
    what_shows_anothers_records_is_not_pointed_at: "link demo.house", "link demo.attic" =>
        "`demo.attic` shows the records of `demo.room`: name that one";
    a_shared_type_is_checked: "to = { type = \"int\"", "to = { type = \"Nit\"" =>
        "there is no value type `Nit`; there are `Span`";
    a_scope_is_a_kind: "scope = \"demo.house\"", "scope = \"demo.huose\"" =>
        "demo/room.toml: scope: there is no resource `demo.huose`; there are `demo.attic`, `demo.house`, `demo.room`";
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
    a_condition_compares: "is = \"OFFICE\", ", "" => "when: `use` is compared by `is` or by `not`";
    a_condition_spares_by_a_member: "is = \"OFFICE\", needs", "is = \"OFFICE\", unless = { nme = 1 }, needs" =>
        "when: there is no field `nme`";
    a_refusal_has_evidence: "read = { view", "read = { refused = { code = \"C\", message = \"m\", evidence = \"sen\" }, view" =>
        "not `sen`";
    sets_is_of_patches: "read = { view", "read = { sets = { name = \"x\" }, view" => "`sets` is of patches";
    what_is_set_is_said: "create = { status", "create = { as = \"patch\", sets = { name = \"{nme}\" }, status" =>
        "`sets`: neither the path nor `query` has `nme`";
    what_is_absent_is_of_an_operation: "in = [\"list\"], when = [0], unless", "of = [\"lst\"], when = [0], unless" =>
        "`absent`: there is no operation `lst`";
    filled_is_of_a_default: "name = { type = \"string\", max", "name = { type = \"string\", filled = true, max" =>
        "what is `filled` in is a `default`";
    apart_is_of_a_list_of_texts: "name = { type = \"string\", max", "name = { type = \"string\", apart = true, max" =>
        "`apart` is of a record's list of texts";
    follows_is_of_one_reference: "name = { type = \"string\", max", "name = { type = \"string\", follows = true, max" =>
        "`follows` is of a reference";
    what_is_reserved_is_referred_to: "contended = \"houseId\"", "reserved = [\"ANY\"]\ncontended = \"houseId\"" =>
        "reserved: no `ref` may hold one of these";
    what_is_cleared_to_is_a_value: "to = { type = \"int\", min", "to = { type = \"int\", cleared = \"no\", min" =>
        "`cleared`: \"no\" is no int";
    a_condition_of_many_can_come_true: "not = [\"HALL\"]", "not = [\"HAL\"]" => "`use` is never \"HAL\"";
    what_alone_may_be_is_of_members: "only = { hidden", "only = { hiden" => "when: there is no field `hiden`";
    what_is_told_alone_is_a_member: "member = \"name\"", "member = \"nmae\"" =>
        "operation `names`: `member`: there is no field `nmae`";
    what_is_told_alone_is_of_reads: "as = \"list\", member", "as = \"count\", member" =>
        "`member` is of lists, reads and what a behaviour does";
    a_key_is_asked_for: "key = \"of\"", "key = \"fo\"" => "`key`: `fo` picks";
    what_is_counted_is_there: "counts = \"hours\"", "counts = \"name\"" =>
        "`counts`: `name` is neither a list nor `referrers`";
    what_is_absent_could_be_there: "when = [0], unless", "when = [\"\"], unless" => "`absent`: \"\" is no int";
    what_is_absent_is_so_unless_a_member: "unless = { hidden", "unless = { hiden" =>
        "`absent`: there is no field `hiden`";
    what_is_absent_is_so_sometimes: "in = [\"list\"], when = [0], unless", "unless" => "`absent` needs `in`";
    where_is_of_members: "where = { hidden", "where = { hiden" => "`where`: there is no field `hiden`";
    where_can_match: "where = { hidden = false", "where = { hidden = 0" => "`where`: `hidden` is never 0";
    where_is_of_lists: "read = { view", "read = { where = { hidden = false }, view" => "`where` is of lists";
    an_operation_shows_a_view: "view = \"lite\" }\ncreate", "view = \"lit\" }\ncreate" =>
        "there is no view `lit`; there are `lite`";
    an_operation_succeeds: "status = 200, limits", "status = 500, limits" => "operation `create`: 500";
    listed_in_is_of_counts_and_bulk: "read = { view", "read = { listed_in = \"ids\", view" => "`listed_in` is of counts";
    most_is_of_bulk: "read = { view", "read = { most = 3, view" => "`most` is of what is made or deleted in bulk";
    members_is_of_patches: "read = { view", "read = { members = [\"name\"], view" => "`members` is of patches";
    a_patch_changes_what_is_there: "create = { status", "create = { as = \"patch\", members = [\"nme\"], status" =>
        "`members`: there is no field `nme`";
    a_verb_is_known: "create = { status", "create = { as = \"bulk-read\", status" => "unknown variant `bulk-read`";
    unless_is_referenced: "\"referenced\"", "\"refrenced\"" => "unknown variant `refrenced`";
    unless_is_of_deletes: "create = { status", "create = { unless = \"referenced\", status" =>
        "`unless` is of deletes";
    force_is_of_what_is_refused: "unless = \"referenced\", force", "force" =>
        "`force` is for deletes that are refused";
    left_to_is_a_behaviours: "mail = { type", "mail = { access = \"required\", left_to = \"counter\", type" =>
        "`left_to`: there is no behaviour `counter`; there are `counted`";
    left_to_is_of_what_is_required: "mail = { type", "mail = { left_to = \"counted\", type" =>
        "`left_to` is of what is `required`";
    a_type_that_is_taken_over_is_the_same: "doc = \"Nobody knows it.\" }",
        "doc = \"Nobody knows it.\" }\n[types.Hours]\nnote = { type = \"int\" }" =>
        "demo/attic.toml: field `hours`: `Hours` is another value type here than in demo.room";
    force_is_a_name: "\"forced\"", "\"for ced\"" => "`force`: `for ced` needs to be a name";
    a_stamp_is_of_a_type: "mail = { type", "mail = { access = \"server\", stamp = \"created\", type" =>
        "`stamp`: what is written there is no string";
    update_is_of_what_callers_change: "houseName = { type", "houseName = { update = \"keep\", type" =>
        "`update` is of what a caller may change";
    update_is_of_a_record: "note = { type = \"string\" }", "note = { type = \"string\", update = \"keep\" }" =>
        "`update` is of a record's own members";
    an_answer_tells_the_id: "\"{id}\"", "\"{di}\"" => "`{id}` alone stands for something";
    reads_is_of_writes: "does = \"counted\"", "does = \"counted\", reads = true" =>
        "`reads` is of methods that write";
    takes_is_of_what_a_behaviour_reads: "read = { view", "read = { takes = \"text\", view" =>
        "`takes` is of bodies that a behaviour reads";
    gives_is_a_media_type: "does = \"counted\"", "does = \"counted\", gives = \"csv\"" =>
        "operation `count`: `gives` is the media type";
    gives_is_of_what_a_behaviour_answers: "read = { view", "read = { gives = \"text/csv\", view" =>
        "operation `read`: `gives` is the media type";
    takes_is_a_word: "does = \"counted\"", "does = \"counted\", takes = \"bytes\"" => "unknown variant `bytes`";
    a_query_has_names: "floor =", "\"fl oor\" =" => "`query`: `fl oor`";
    what_is_returned_is_a_type: "list<Hours>\" }", "list<Huors>\" }" =>
        "there is no value type `Huors`; there are `Hours`, `Span`";
    a_body_is_a_type: "returns =", "body = \"reed\", returns =" => "`reed` is no type";
    a_filter_is_of_a_member: "houseId.name\", match", "houseId.nmae\", match" =>
        "filter `house`: there is no field `nmae`";
    a_filter_compares: "\"contains\"", "\"contain\"" => "unknown variant `contain`";
    a_flag_needs_its_value: ", on = true", "" => "filter `shown`: `flag`, `unless` and `reveals` need";
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
    a_word_is_there_once: "\"OFFICE\", \"HALL\"], ", "\"OFFICE\", \"HALL\", \"HALL\"], " => "`values` has `HALL` twice";
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
    made_is_of_members: "access = \"server\", from = \"houseId.name\"", "access = \"server\", made = \"{vanity}/{nmae}\"" =>
        "`made`: there is no field `nmae`";
    made_is_the_servers: "mail = { type", "mail = { made = \"{id}@{cloud}\", type" =>
        "`made` is of a text that the server alone tells";
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
