//! Orders that are kept beside the records: read, changed, and followed by what is shown.
//!
//! They are notes of the tenant. Under `order:LIST` stands the directory, under `order:LIST#CHUNK` the ids of a chunk,
//! one a line, under `order:LIST@ID` the chunk of an id. Who makes room for another is changed by that, where the product
//! says so: then ids and chunks are told with the last time that they did. While there is no directory, nothing has moved since the
//! records were written, and the order follows from the numbers that they hold.

use std::ops::Range;

use serde_json::{Value, json};
use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Kind};
use zuno_store::{Row, Stretch};

use super::Context;
use crate::images::ORDER;
use crate::order::{Directory, Order, Slot, Touched};
use crate::shift::Shift;
use crate::{List, Numbering, Stored, sort};

impl<'a> Context<'a> {
    /// What a resource numbers its records by, where it does.
    pub(crate) fn numbering(&self, resource: &Resource) -> Option<&'a Numbering> {
        self.engine.bound(resource).all().find_map(|behaviour| behaviour.numbering())
    }

    /// What a resource numbers its records by, if that is also the order of its lists.
    pub(crate) fn ordered_by(&self, resource: &Resource) -> Option<&'a Numbering> {
        let order = resource.order_by.as_deref()?;
        self.numbering(resource).filter(|numbering| order.trim_start_matches('-') == numbering.member)
    }

    /// Puts records in the order of their resource; numbered ones by their numbers.
    pub(crate) fn sort(&self, resource: &Resource, records: &mut [Stored]) {
        if self.ordered_by(resource).is_some() {
            for stored in records.iter_mut() {
                stored.sort = sort::key(resource, &stored.id, &stored.record);
            }
        }
        records.sort_by(|a, b| (&a.sort, &a.id).cmp(&(&b.sort, &b.id)));
    }

    /// The list that a record stands in.
    pub fn list_of(&self, numbering: &Numbering, kind: &str, stored: &Stored) -> List {
        let scoped = self.resource(kind).is_ok_and(|resource| resource.scope.is_some());
        let scope = if scoped { stored.scope.clone() } else { "0".into() };
        List { kind: kind.to_owned(), scope, within: numbering.within(&stored.record).map(str::to_owned) }
    }

    /// How many stand in a list.
    ///
    /// # Errors
    /// The store failed.
    pub fn length(&self, list: &List) -> Result<usize, Fault> {
        self.with_order(list, |_, order| Ok(order.directory.length()))
    }

    /// Where a record stands in its list, counted from 0.
    ///
    /// # Errors
    /// The store failed.
    pub fn place(&self, list: &List, id: &Id) -> Result<Option<usize>, Fault> {
        Ok(self.found(list, id)?.map(|(place, _)| place))
    }

    /// Where a record stands, and when it made room for others the last time.
    fn found(&self, list: &List, id: &Id) -> Result<Option<(usize, Option<Shift>)>, Fault> {
        self.with_order(list, |cx, order| {
            if let Some(derived) = &order.derived {
                return Ok(derived.get(id).map(|place| (*place, None)));
            }
            let key = format!("order:{}@{id}", list.name());
            let Some(note) = cx.store().note(cx.tenant().id, &key).map_err(Fault::broken)? else {
                return Ok(None);
            };
            let number = std::str::from_utf8(&note).ok().and_then(|text| text.parse().ok());
            let number = number.ok_or_else(|| Fault::broken(format!("the place of {id} is damaged")))?;
            cx.load(list, order, &[number])?;
            let offset = order.loaded[&number].iter().position(|slot| slot.id == *id);
            Ok(offset.map(|offset| (order.directory.before(number) + offset, order.shift(number, offset))))
        })
    }

    /// Who stands at some places, counted from 0.
    ///
    /// # Errors
    /// The store failed.
    pub fn ids_at(&self, list: &List, from: usize, take: usize) -> Result<Vec<Id>, Fault> {
        self.with_order(list, |cx, order| {
            let held = order.directory.holding(from, take);
            cx.load(list, order, &held)?;
            let before = held.first().map_or(0, |first| order.directory.before(*first));
            let slots = held.iter().flat_map(|number| &order.loaded[number]);
            Ok(slots.skip(from - before.min(from)).take(take).map(|slot| slot.id.clone()).collect())
        })
    }

    /// Puts a record, new to its list or not, at a place counted from 0; the others make room.
    ///
    /// # Errors
    /// The store failed.
    pub fn put_at(&mut self, list: &List, id: &Id, place: usize) -> Result<(), Fault> {
        let held = self.place(list, id)?;
        if held == Some(place) && self.is_kept(list)? {
            return Ok(());
        }
        let mut order = self.opened(list)?;
        if let Some(held) = held {
            self.load_around(list, &mut order, held)?;
            let touched = order.take(held);
            self.write_order(list, &order, &touched)?;
        }
        self.load_around(list, &mut order, place)?;
        let touched = order.put(id, place);
        self.write_order(list, &order, &touched)?;
        let end = held.map_or(order.directory.length(), |held| held.max(place) + 1);
        let start = held.map_or(place + 1, |held| held.min(place));
        self.close(list, order, start..end)
    }

    /// Gives the whole list another order; `ids` are those that stand in it, each once.
    ///
    /// # Errors
    /// The store failed.
    pub fn arrange(&mut self, list: &List, ids: &[Id]) -> Result<(), Fault> {
        let mut order = self.opened(list)?;
        let numbers: Vec<u32> = order.directory.numbers().collect();
        self.load(list, &mut order, &numbers)?;
        let mut touched = Touched::default();
        let mut rest = ids;
        for number in numbers {
            let held = order.loaded.entry(number).or_default();
            let (now, behind) = rest.split_at(held.len().min(rest.len()));
            rest = behind;
            if held.iter().map(|slot| &slot.id).eq(now) {
                continue;
            }
            touched.chunks.push(number);
            let had = |id: &&Id| held.iter().any(|slot| slot.id == **id);
            touched.moved.extend(now.iter().filter(|id| !had(id)).map(|id| (id.clone(), number)));
            *held = now.iter().map(|id| Slot { id: id.clone(), shift: None }).collect();
        }
        self.write_order(list, &order, &touched)?;
        self.close(list, order, 0..ids.len())
    }

    /// A record was kept: it stands where it belongs, at the number that it holds if it is new there.
    pub(super) fn stand(
        &mut self,
        numbering: &Numbering,
        kind: &str,
        before: Option<&Stored>,
        now: &Stored,
    ) -> Result<(), Fault> {
        let list = self.list_of(numbering, kind, now);
        let counts = numbering.counts(&now.record);
        if let Some(before) = before
            && let left = self.list_of(numbering, kind, before)
            && (left != list || !counts)
        {
            self.leave(&left, &before.id)?;
        }
        if !counts || (self.is_kept(&list)? && self.place(&list, &now.id)?.is_some()) {
            return Ok(());
        }
        let number = numbering.number(&now.record).and_then(|number| usize::try_from(number).ok());
        let place = number.unwrap_or(1).saturating_sub(1).min(self.length(&list)?);
        self.put_at(&list, &now.id, place)
    }

    /// A record leaves its list.
    pub(super) fn leave(&mut self, list: &List, id: &Id) -> Result<(), Fault> {
        let Some(held) = self.place(list, id)? else { return Ok(()) };
        let mut order = self.opened(list)?;
        self.load_around(list, &mut order, held)?;
        let touched = order.take(held);
        self.write_order(list, &order, &touched)?;
        self.change_note(&format!("order:{}@{id}", list.name()), None)?;
        let end = order.directory.length();
        self.close(list, order, held..end)
    }

    /// Puts the number of its place into a record, if that is kept; else the record holds it.
    pub(super) fn number(&self, kind: &str, stored: &mut Stored) -> Result<(), Fault> {
        let Some(numbering) = self.numbering(self.resource(kind)?) else { return Ok(()) };
        if numbering.counts(&stored.record)
            && let list = self.list_of(numbering, kind, stored)
            && self.is_kept(&list)?
            && let Some((place, shift)) = self.found(&list, &stored.id)?
        {
            stored.record.insert(numbering.member.clone(), (place + 1).into());
            if let (Some((time, by)), Some(shift)) = (&numbering.shifts, shift)
                && stored.record.get(time).and_then(Value::as_i64) <= Some(shift.time())
            {
                stored.record.insert(time.clone(), shift.time().into());
                stored.record.insert(by.clone(), json!({ "id": shift.number(), "name": shift.name() }));
            }
        }
        Ok(())
    }

    /// Whether the order of a list is kept beside its records.
    fn is_kept(&self, list: &List) -> Result<bool, Fault> {
        if let Some(order) = self.orders.borrow().get(&list.name()) {
            return Ok(order.derived.is_none());
        }
        let key = format!("order:{}", list.name());
        Ok(self.store().note(self.tenant().id, &key).map_err(Fault::broken)?.is_some())
    }

    /// A part of one whole list, in its order.
    pub(crate) fn stretch_of(&self, list: &List, stretch: Stretch) -> Result<Vec<Stored>, Fault> {
        self.ids_of(list, stretch)?.iter().map(|id| self.need(&list.kind, id)).collect()
    }

    /// The same as the store keeps it. None where the records are the tenant's first objects.
    pub(crate) fn rows_of(&self, list: &List, stretch: Stretch) -> Result<Option<Vec<Row>>, Fault> {
        if self.resource(&list.kind)?.records.is_some() || !self.owns(&list.kind)? {
            return Ok(None);
        }
        let row = |id: &Id| {
            let row = self.store().get(self.tenant().id, &list.kind, id).map_err(Fault::broken)?;
            row.ok_or_else(|| Fault::NotFound { kind: Kind(list.kind.clone()), id: id.clone() })
        };
        self.ids_of(list, stretch)?.iter().map(row).collect::<Result<_, _>>().map(Some)
    }

    fn ids_of(&self, list: &List, stretch: Stretch) -> Result<Vec<Id>, Fault> {
        let length = self.length(list)?;
        let skip = usize::try_from(stretch.skip).unwrap_or(usize::MAX).min(length);
        let take = usize::try_from(stretch.take).unwrap_or(usize::MAX).min(length - skip);
        let from = if stretch.backwards { length - skip - take } else { skip };
        let mut ids = self.ids_at(list, from, take)?;
        if stretch.backwards {
            ids.reverse();
        }
        Ok(ids)
    }

    /// Forgets what was read of orders that follow from records, since a record changes.
    pub(super) fn forget_derived(&mut self) {
        self.orders.get_mut().retain(|_, order| order.derived.is_none());
    }

    fn with_order<T>(
        &self,
        list: &List,
        ask: impl FnOnce(&Self, &mut Order) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let name = list.name();
        let held = self.orders.borrow_mut().remove(&name);
        let mut order = held.map_or_else(|| self.read_order(list), Ok)?;
        let answer = ask(self, &mut order);
        self.orders.borrow_mut().insert(name, order);
        answer
    }

    fn read_order(&self, list: &List) -> Result<Order, Fault> {
        let key = format!("order:{}", list.name());
        if let Some(note) = self.store().note(self.tenant().id, &key).map_err(Fault::broken)? {
            let directory = std::str::from_utf8(&note).ok().and_then(Directory::from_text);
            let directory =
                directory.ok_or_else(|| Fault::broken(format!("the order of {} is damaged", list.name())))?;
            return Ok(Order { directory, ..Order::default() });
        }
        let resource = self.resource(&list.kind)?;
        let numbering = self.numbering(resource);
        let numbering = numbering.ok_or_else(|| Fault::broken(format!("{} has no order", list.kind)))?;
        let scope = resource.scope.is_some().then_some(list.scope.as_str());
        let mut records = self.all(&list.kind, scope)?;
        records.retain(|stored| {
            numbering.counts(&stored.record) && numbering.within(&stored.record) == list.within.as_deref()
        });
        records.sort_by_key(|stored| (numbering.is_last(&stored.record), numbering.number(&stored.record)));
        let ids: Vec<Id> = records.into_iter().map(|stored| stored.id).collect();
        let derived = ids.iter().enumerate().map(|(place, id)| (id.clone(), place)).collect();
        Ok(Order { derived: Some(derived), ..Order::of(&ids) })
    }

    fn load(&self, list: &List, order: &mut Order, numbers: &[u32]) -> Result<(), Fault> {
        for number in numbers {
            if order.loaded.contains_key(number) {
                continue;
            }
            let key = format!("order:{}#{number}", list.name());
            let note = self.store().note(self.tenant().id, &key).map_err(Fault::broken)?;
            let text = note.map(String::from_utf8).transpose().ok().flatten();
            let text = text
                .ok_or_else(|| Fault::broken(format!("a part of the order of {} is damaged", list.name())))?;
            order.load(*number, &text);
        }
        Ok(())
    }

    /// Loads what a change at a place may touch.
    fn load_around(&self, list: &List, order: &mut Order, place: usize) -> Result<(), Fault> {
        let around = order.directory.around(place);
        self.load(list, order, &around)
    }

    /// A list's order to be changed: what is active of it is remembered, and it is kept from now on.
    fn opened(&mut self, list: &List) -> Result<Order, Fault> {
        let resource = self.changes(&list.kind)?;
        if resource.staged {
            let (tenant, product, name) = (self.tenant().id, Kind(list.kind.clone()), Id(list.name()));
            let waits = self.store().waits(tenant, product.product(), ORDER, &name).map_err(Fault::broken)?;
            if !waits {
                let ids = self.ids_at(list, 0, usize::MAX)?;
                let active = serde_json::to_vec(&serde_json::json!({ "ids": ids })).map_err(Fault::broken)?;
                self.change()?
                    .stage(tenant, product.product(), ORDER, &name, Some(&active))
                    .map_err(Fault::broken)?;
            }
        }
        let held = self.orders.get_mut().remove(&list.name());
        let mut order = held.map_or_else(|| self.read_order(list), Ok)?;
        if order.derived.take().is_some() {
            let chunks: Vec<u32> = order.directory.numbers().collect();
            let placed = |number: &u32| {
                order.loaded[number].iter().map(|slot| (slot.id.clone(), *number)).collect::<Vec<_>>()
            };
            let moved = chunks.iter().flat_map(placed).collect();
            self.write_order(list, &order, &Touched { chunks, moved })?;
        }
        Ok(order)
    }

    /// Keeps an order whose chunks are written; who stands at these places made room.
    fn close(&mut self, list: &List, mut order: Order, shifted: Range<usize>) -> Result<(), Fault> {
        let numbering = self.numbering(self.resource(&list.kind)?);
        if !shifted.is_empty() && numbering.is_some_and(|numbering| numbering.shifts.is_some()) {
            let shift = Shift(format!("{} {} {}", self.now(), self.actor().number, self.actor().name).into());
            self.load_around(list, &mut order, shifted.start)?;
            self.load_around(list, &mut order, shifted.end - 1)?;
            let touched = order.shifted(shifted, &shift);
            self.write_order(list, &order, &touched)?;
        }
        let directory = order.directory.to_text();
        self.change_note(&format!("order:{}", list.name()), Some(directory.as_bytes()))?;
        self.orders.get_mut().insert(list.name(), order);
        Ok(())
    }

    fn write_order(&mut self, list: &List, order: &Order, touched: &Touched) -> Result<(), Fault> {
        let name = list.name();
        for number in &touched.chunks {
            let text = order.chunk_text(*number);
            self.change_note(
                &format!("order:{name}#{number}"),
                (!text.is_empty()).then_some(text.as_bytes()),
            )?;
        }
        for (id, number) in &touched.moved {
            self.change_note(&format!("order:{name}@{id}"), Some(number.to_string().as_bytes()))?;
        }
        Ok(())
    }

    fn change_note(&mut self, key: &str, note: Option<&[u8]>) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        self.change()?.set_note(tenant, key, note).map_err(Fault::broken)
    }
}
