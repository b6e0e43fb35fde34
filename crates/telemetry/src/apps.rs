//! Applications as the whole fleet sees them: scores, who fares how, where it is worst, and series.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet, Scope, User},
    score::{self, Band},
    window::Window,
    wire::{App, AppDetail, AppStats, AppUser, AppUserDetail, Region, Series, mean},
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

/// A user and those of its devices that reported.
pub(crate) struct Member<'a> {
    pub(crate) user: &'a User,
    pub(crate) devices: Vec<&'a Device>,
}

impl Fleet {
    /// The applications that have a score, as the list shows them.
    pub fn apps(&self, scope: &Scope, window: &Window) -> Vec<App> {
        let members = self.members(scope, window);
        self.applications
            .iter()
            .filter_map(|app| {
                let lows = self.lows(&members, app, window);
                Some(App {
                    id: app.id,
                    name: app.name.clone(),
                    score: score::mean(lows.iter().filter_map(|lows| lowest(lows)))?,
                    most_impacted_region: self.most_impacted(&members, &lows),
                    total_users: members.len(),
                })
            })
            .collect()
    }

    /// One application with its statistics.
    pub fn app(&self, app: i64, scope: &Scope, window: &Window) -> Option<AppDetail> {
        let app = self.application(app)?;
        let members = self.members(scope, window);
        let device_lows = self.lows(&members, app, window);
        let lows: Vec<_> = device_lows.iter().map(|lows| lowest(lows)).collect();
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
            most_impacted_region: self.most_impacted(&members, &device_lows),
            stats,
        })
    }

    /// An application's score of each hour: the mean over users of their lowest in it.
    pub fn app_score(&self, app: i64, scope: &Scope, window: &Window) -> Option<Series> {
        let app = self.application(app)?;
        let members = self.members(scope, window);
        let points = window.hours().filter_map(|hour| {
            let lows = members.iter().filter_map(|member| {
                member.devices.iter().filter_map(|device| self.hour_low(device, app, hour, window)).min()
            });
            Some((hour, score::mean(lows)? as f64))
        });
        Some(Series::of("score", "", points))
    }

    /// An application's mean over devices of one metric.
    pub fn app_metric(&self, app: i64, metric: AppMetric, scope: &Scope, window: &Window) -> Option<Series> {
        let app = self.application(app)?;
        let devices: Vec<_> = self.devices.iter().filter(|device| scope.takes(device)).collect();
        let points = window.instants().filter_map(|at| {
            let fetches = devices.iter().flat_map(|device| {
                app.web_probes.iter().filter_map(|probe| self.fetch(device, app, probe, at))
            });
            let value = match metric {
                AppMetric::PageFetchTime => {
                    mean(fetches.filter(|fetch| fetch.available).map(|fetch| fetch.pft))
                }
                AppMetric::Dns => mean(fetches.map(|fetch| fetch.dns)),
                AppMetric::Availability => {
                    mean(fetches.map(|fetch| if fetch.available { 100.0 } else { 0.0 }))
                }
            };
            Some((at, value?))
        });
        Some(match metric {
            AppMetric::PageFetchTime => Series::of("pft", "ms", points),
            AppMetric::Dns => Series::of("dns", "ms", points),
            AppMetric::Availability => Series::of("availability", "%", points),
        })
    }

    /// The active users of an application, of one band or of all, in order of first device.
    pub fn app_users(
        &self,
        app: i64,
        band: Option<Band>,
        scope: &Scope,
        window: &Window,
    ) -> Option<Vec<AppUser>> {
        let app = self.application(app)?;
        let users = self.members(scope, window).into_iter().filter_map(|member| {
            let user = self.app_member(&member, app, window);
            band.is_none_or(|band| user.score.map(Band::of) == Some(band)).then_some(user)
        });
        Some(users.collect())
    }

    /// One active user of an application, with its devices.
    pub fn app_user(&self, app: i64, user: i64, window: &Window) -> Option<AppUserDetail> {
        let app = self.application(app)?;
        let members = self.members(&Scope::default(), window);
        let member = members.iter().find(|member| member.user.id == user)?;
        Some(AppUserDetail {
            user: self.app_member(member, app, window),
            devices: member.devices.iter().map(|device| self.user_device(device)).collect(),
        })
    }

    /// A user's score: the lowest of its applications' (documented).
    pub fn user_score(&self, user: i64, window: &Window) -> Option<i64> {
        let members = self.members(&Scope::default(), window);
        let member = members.iter().find(|member| member.user.id == user)?;
        self.applications.iter().filter_map(|app| self.low(member, app, window)).min()
    }

    /// The score of a department, place or the whole: the lowest value of each hour over its users and applications,
    /// averaged over the hours with the starting one (documented).
    pub fn scope_score(&self, scope: &Scope, window: &Window) -> Option<i64> {
        let devices: Vec<_> = self.devices.iter().filter(|device| scope.takes(device)).collect();
        score::over_intervals(window.hours().map(|hour| {
            let of_apps = |device: &&&Device| {
                self.applications.iter().filter_map(|app| self.hour_low(device, app, hour, window)).min()
            };
            devices.iter().filter_map(|device| of_apps(&device)).min()
        }))
    }

    /// The users with a device in scope that reported, each once.
    pub(crate) fn members(&self, scope: &Scope, window: &Window) -> Vec<Member<'_>> {
        let mut members: Vec<Member<'_>> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for device in
            self.devices.iter().filter(|device| scope.takes(device) && self.reported(device, window))
        {
            let place = *places.entry(device.owner.id).or_insert_with(|| {
                members.push(Member { user: &device.owner, devices: Vec::new() });
                members.len() - 1
            });
            members[place].devices.push(device);
        }
        members
    }

    pub(crate) fn reported(&self, device: &Device, window: &Window) -> bool {
        window.instants().any(|at| device.online(self.seed, at))
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

    fn low(&self, member: &Member<'_>, app: &Application, window: &Window) -> Option<i64> {
        member.devices.iter().filter_map(|device| self.device_low(device, app, window)).min()
    }

    fn app_member(&self, member: &Member<'_>, app: &Application, window: &Window) -> AppUser {
        AppUser {
            id: member.user.id,
            name: member.user.name.clone(),
            email: member.user.email.clone(),
            score: self.low(member, app, window),
        }
    }

    /// The lowest score of each device of each user.
    fn lows(&self, members: &[Member<'_>], app: &Application, window: &Window) -> Vec<Vec<Option<i64>>> {
        let of = |member: &Member<'_>| {
            member.devices.iter().map(|device| self.device_low(device, app, window)).collect()
        };
        members.iter().map(of).collect()
    }

    /// The city whose users have the lowest mean, given the lowest score of each device of each user.
    fn most_impacted(&self, members: &[Member<'_>], lows: &[Vec<Option<i64>>]) -> Option<Region> {
        let scored = self.places().into_iter().filter_map(|place| {
            let lows = members.iter().zip(lows).filter_map(|(member, lows)| {
                let devices = member.devices.iter().zip(lows);
                devices
                    .filter(|(device, _)| device.geolocation.id == place.id)
                    .filter_map(|(_, low)| *low)
                    .min()
            });
            Some((score::mean(lows)?, place))
        });
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
}

fn lowest(of_devices: &[Option<i64>]) -> Option<i64> {
    of_devices.iter().flatten().copied().min()
}
