//! Applications as the whole fleet sees them: scores, who fares how, where it is worst, and series.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet, Scope},
    hour::Sums,
    score::{self, Band},
    sight::{Member, Sight},
    window::Window,
    wire::{App, AppDetail, AppStats, AppUser, AppUserDetail, Region, Series, hundredths},
};

/// What an application's metric series may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppMetric {
    /// Mean page fetch time, ms.
    PageFetchTime,
    /// Mean time to resolve the name, ms.
    Dns,
    /// Share of fetches that worked, percent (the unit is guessed; a single fetch is 1 or 0, documented).
    Availability,
}

impl AppMetric {
    /// The metric of a `metric_name`: `pft`, `dns` or `availability` (documented).
    pub fn named(name: &str) -> Option<AppMetric> {
        match name {
            "pft" => Some(AppMetric::PageFetchTime),
            "dns" => Some(AppMetric::Dns),
            "availability" => Some(AppMetric::Availability),
            _ => None,
        }
    }
}

impl Fleet {
    /// An application and its place in the list.
    fn nth_application(&self, id: i64) -> Option<(usize, &Application)> {
        self.applications.iter().enumerate().find(|(_, application)| application.id == id)
    }

    /// The applications that have a score, as the list shows them.
    pub fn apps(&self, scope: &Scope, window: &Window) -> Vec<App> {
        let sight = self.sight(scope, window);
        let shown = self.applications.iter().enumerate().filter_map(|(nth, app)| {
            let members = sight.members_of(app);
            Some(App {
                id: app.id,
                name: app.name.clone(),
                score: score::mean(members.iter().filter_map(|member| sight.low_of(member, nth)))?,
                most_impacted_region: most_impacted(&sight, &members, nth),
                total_users: members.len(),
            })
        });
        shown.collect()
    }

    /// One application with its statistics.
    pub fn app(&self, app: i64, scope: &Scope, window: &Window) -> Option<AppDetail> {
        let (nth, app) = self.nth_application(app)?;
        let sight = self.sight(scope, window);
        let members = sight.members_of(app);
        let lows: Vec<_> = members.iter().map(|member| sight.low_of(member, nth)).collect();
        let in_band = |band| lows.iter().flatten().filter(|low| Band::of(**low) == band).count();
        let stats = AppStats {
            active_users: members.len(),
            active_devices: members.iter().map(|member| member.devices.len()).sum(),
            num_poor: in_band(Band::Poor),
            num_okay: in_band(Band::Okay),
            num_good: in_band(Band::Good),
            num_na: lows.iter().filter(|low| low.is_none()).count(),
        };
        Some(AppDetail {
            id: app.id,
            name: app.name.clone(),
            score: score::mean(lows.into_iter().flatten()),
            most_impacted_region: most_impacted(&sight, &members, nth),
            stats,
        })
    }

    /// An application's score of each hour: the mean over users of their lowest in it.
    pub fn app_score(&self, app: i64, scope: &Scope, window: &Window) -> Option<Series> {
        let (nth, app) = self.nth_application(app)?;
        let sight = self.sight(scope, window);
        let members = sight.members_of(app);
        let points = sight.window().hours().zip(&sight.hours).filter_map(|(start, hour)| {
            let lows = members.iter().filter_map(|member| {
                member.devices.iter().filter_map(|device| hour.low(*device as usize, nth)).min()
            });
            Some((start, score::mean(lows)? as f64))
        });
        Some(Series::of("score", "", points))
    }

    /// An application's mean over devices of one metric.
    pub fn app_metric(&self, app: i64, metric: AppMetric, scope: &Scope, window: &Window) -> Option<Series> {
        let (nth, app) = self.nth_application(app)?;
        let told = |(at, sums): (Time, Sums)| {
            let mean = |sum: f64, count: u32| (count > 0).then(|| hundredths(sum / f64::from(count)));
            let value = match metric {
                AppMetric::PageFetchTime => mean(sums.pft_ms, sums.worked),
                AppMetric::Dns => mean(sums.dns_ms, sums.tried),
                AppMetric::Availability => mean(100.0 * f64::from(sums.worked), sums.tried),
            };
            Some((at, value?))
        };
        let points: Vec<_> = match scope.is_everything() {
            true => {
                let hour = |at: Time| self.hour(Window::hour_of(at), window.now());
                window.instants().map(|at| (at, hour(at).sums(at, nth))).filter_map(told).collect()
            }
            false => self.sums(app, scope, window).into_iter().filter_map(told).collect(),
        };
        Some(match metric {
            AppMetric::PageFetchTime => Series::of("pft", "ms", points),
            AppMetric::Dns => Series::of("dns", "ms", points),
            AppMetric::Availability => Series::of("availability", "%", points),
        })
    }

    /// What some devices fetched from an application at each instant.
    fn sums(&self, app: &Application, scope: &Scope, window: &Window) -> Vec<(Time, Sums)> {
        let mut sums: Vec<_> = window.instants().map(|at| (at, Sums::default())).collect();
        let Some(first) = sums.first().map(|(at, _)| *at) else { return sums };
        for device in self.devices.iter().filter(|device| scope.takes(device)) {
            self.each_fetch(device, &[app], (window.from(), window.to()), |_, at, fetch| {
                if let Some((_, sums)) = sums.get_mut(window.steps(first, at)) {
                    let (pft_ms, dns_ms) = fetch.told();
                    sums.add(pft_ms, dns_ms);
                }
            });
        }
        sums
    }

    /// The active users of an application, of one band or of all, in order of first device.
    pub fn app_users(
        &self,
        app: i64,
        band: Option<Band>,
        scope: &Scope,
        window: &Window,
    ) -> Option<Vec<AppUser>> {
        let (nth, app) = self.nth_application(app)?;
        let sight = self.sight(scope, window);
        let users = sight.members_of(app).into_iter().filter_map(|member| {
            let score = sight.low_of(&member, nth);
            band.is_none_or(|band| score.map(Band::of) == Some(band)).then(|| app_user(&member, score))
        });
        Some(users.collect())
    }

    /// One active user of an application, with its devices.
    pub fn app_user(&self, app: i64, user: i64, window: &Window) -> Option<AppUserDetail> {
        let (nth, app) = self.nth_application(app)?;
        let sight = self.sight(&Scope { users: vec![user], ..Scope::default() }, window);
        let members = sight.members_of(app);
        let member = members.first()?;
        Some(AppUserDetail {
            user: app_user(member, sight.low_of(member, nth)),
            devices: member.devices.iter().map(|nth| self.user_device(sight.device(*nth))).collect(),
        })
    }

    /// A user's score: the lowest of its applications' (documented).
    pub fn user_score(&self, user: i64, window: &Window) -> Option<i64> {
        let sight = self.sight(&Scope { users: vec![user], ..Scope::default() }, window);
        let member = sight.present().into_iter().next()?;
        (0..self.applications.len()).filter_map(|nth| sight.low_of(&member, nth)).min()
    }

    /// The score of a department, place or the whole: the lowest value of each hour over its users and applications,
    /// averaged over the hours with the starting one (documented).
    pub fn scope_score(&self, scope: &Scope, window: &Window) -> Option<i64> {
        let sight = self.sight(scope, window);
        let devices = (0..self.devices.len()).filter(|nth| scope.takes(&self.devices[*nth]));
        let devices: Vec<usize> = devices.collect();
        score::over_intervals(sight.hours.iter().map(|hour| {
            let of_apps =
                |device: &usize| (0..self.applications.len()).filter_map(|app| hour.low(*device, app)).min();
            devices.iter().filter_map(of_apps).min()
        }))
    }

    pub(crate) fn reported(&self, device: &Device, window: &Window) -> bool {
        device.spells(self.seed, window.from(), window.to()).touch(window.step(), crate::Span::default())
    }

    /// The lowest score of one device in one hour.
    pub(crate) fn hour_low(
        &self,
        device: &Device,
        app: &Application,
        hour: Time,
        window: &Window,
    ) -> Option<i64> {
        window.instants_of_hour(hour).filter_map(|at| self.score_at(device, app, at)).min()
    }

    /// The lowest of a device's hours.
    pub(crate) fn device_low(&self, device: &Device, app: &Application, window: &Window) -> Option<i64> {
        window.hours().filter_map(|hour| self.hour_low(device, app, hour, window)).min()
    }
}

fn app_user(member: &Member<'_>, score: Option<i64>) -> AppUser {
    AppUser { id: member.user.id, name: member.user.name.clone(), email: member.user.email.clone(), score }
}

/// The city whose users have the lowest mean of an application.
fn most_impacted(sight: &Sight<'_>, members: &[Member<'_>], application: usize) -> Option<Region> {
    let roll = &sight.roll;
    // The sum over users of their lowest there, and how many have one.
    let mut places = vec![(0i64, 0i64); roll.places.len()];
    let mut here: Vec<(u32, i64)> = Vec::new();
    for member in members {
        here.clear();
        for device in &member.devices {
            let (place, Some(low)) = (roll.place[*device as usize], sight.low(*device, application)) else {
                continue;
            };
            match here.iter_mut().find(|(other, _)| *other == place) {
                Some((_, lowest)) => *lowest = low.min(*lowest),
                None => here.push((place, low)),
            }
        }
        for (place, low) in &here {
            let (sum, count) = &mut places[*place as usize];
            (*sum, *count) = (*sum + low, *count + 1);
        }
    }
    let mean = |(sum, count): &(i64, i64)| (*sum as f64 / *count as f64).round() as i64;
    let scored = places.iter().zip(&roll.places).filter(|((_, count), _)| *count > 0);
    let scored = scored.map(|(place, device)| (mean(place), &sight.device(*device).geolocation));
    let (_, place) = scored.min_by(|(a, here), (b, there)| (a, &here.id).cmp(&(b, &there.id)))?;
    Some(Region {
        id: place.id.clone(),
        city: place.city.clone(),
        region: place.state.clone(),
        state: place.state.clone(),
        country: place.country.clone(),
        geo_type: "city",
    })
}
