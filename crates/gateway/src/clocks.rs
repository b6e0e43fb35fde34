//! Clocks as the operator sees and sets them: the server's, and a tenant's beside it.

use http::Method;
use serde_json::json;
use zuno_model::{TenantId, Time};
use zuno_store::StoreError;

use crate::Cloud;
use crate::members::Members;
use crate::request::Request;
use crate::respond::{Response, in_json};
use crate::state::course::{Course, FASTEST};

/// How far a clock can be from the one beside it, in seconds: a hundred years.
const FARTHEST: i64 = 100 * 366 * 86_400;

/// How a clock is to go from now on.
#[derive(Clone, Copy, Debug, Default)]
struct Wished {
    offset: Option<i64>,
    now: Option<Time>,
    advance: Option<i64>,
    pace: Option<i64>,
}

impl Wished {
    fn read(mut members: Members) -> Result<Wished, String> {
        let wished = Wished {
            offset: members.whole("offset")?,
            now: members.whole("now")?,
            advance: members.whole("advance")?,
            pace: members.whole("pace")?,
        };
        members.end()?;
        let times = [wished.offset, wished.now, wished.advance].iter().flatten().count();
        if times > 1 || times == 0 && wished.pace.is_none() {
            return Err("give one of `offset`, `now` and `advance`, in seconds, or `pace`".into());
        }
        if wished.pace.is_some_and(|pace| !(0..=FASTEST).contains(&pace)) {
            return Err(format!("`pace` is 0 to {FASTEST}: 0 stands still, 1 goes as time does"));
        }
        Ok(wished)
    }

    /// How the clock goes, which went in another way, while the one beside it shows `beside`.
    fn course(&self, went: Course, beside: Time) -> Result<Course, String> {
        let was = went.at(beside);
        let set = match (self.offset, self.now, self.advance) {
            (Some(offset), ..) => Some(beside.saturating_add(offset)),
            (_, Some(now), _) => Some(now),
            (.., Some(advance)) => Some(was.saturating_add(advance)),
            (None, None, None) => None,
        };
        if set.is_some_and(|set| set.abs_diff(beside) > FARTHEST.unsigned_abs()) {
            return Err("a clock can be set a hundred years from the one beside it at most".into());
        }
        // One that has run farther can still be stopped.
        let shown = set.unwrap_or(was);
        let pace = self.pace.unwrap_or(went.pace);
        Ok(match self.offset {
            // The plain way to set it, which one clock can be told like another.
            Some(ahead) if pace == 1 => Course { ahead, ..Course::default() },
            _ => Course::showing(shown, beside, pace),
        })
    }
}

/// Answers the operator about a clock.
pub fn answer(
    cloud: &Cloud,
    request: &Request,
    whose: TenantId,
    members: Members,
) -> Result<Response, String> {
    let outcome = match request.head.method {
        Method::GET => {
            members.end()?;
            told(cloud, whose)
        }
        Method::PUT => {
            let wished = Wished::read(members)?;
            match cloud.turn_clock(whose, move |went, beside| wished.course(went, beside)) {
                Ok(turned) => {
                    turned?;
                    told(cloud, whose)
                }
                Err(cause) => Err(cause),
            }
        }
        _ => return Ok(in_json(405, &json!({ "error": "a clock is read (GET) and set (PUT)" }))),
    };
    Ok(outcome.unwrap_or_else(|cause| {
        tracing::error!(%cause, "a clock cannot be kept");
        in_json(500, &json!({ "error": cause.to_string() }))
    }))
}

fn told(cloud: &Cloud, whose: TenantId) -> Result<Response, StoreError> {
    let (course, beside) = (cloud.settings(whose)?.clock, cloud.beside(whose)?);
    let now = course.at(beside);
    Ok(in_json(200, &json!({ "now": now, "offset": now - beside, "pace": course.pace })))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Wished;
    use crate::members::Members;
    use crate::state::course::Course;

    fn after(body: Value, went: Course) -> Result<Course, String> {
        Wished::read(Members::of(&body)?)?.course(went, 1_000)
    }

    #[test]
    fn a_clock_is_set_moved_stopped_and_let_go_again() {
        let still = Course::showing(5_000, 900, 0);
        let shown = |body, went: Course| after(body, went).map(|course| (course.at(1_000), course.at(1_010)));
        assert_eq!(shown(json!({"offset": 60}), Course::default()), Ok((1_060, 1_070)));
        assert_eq!(shown(json!({"now": 7}), Course::default()), Ok((7, 17)));
        assert_eq!(shown(json!({"advance": 60}), still), Ok((5_060, 5_060)));
        assert_eq!(shown(json!({"pace": 1}), still), Ok((5_000, 5_010)));
        assert_eq!(shown(json!({"pace": 60}), Course::default()), Ok((1_000, 1_600)));
        assert_eq!(after(json!({"offset": 0, "pace": 1}), still), Ok(Course::default()));
        let hurried = Course::showing(0, 1_000 - 60_000, 60_000);
        assert_eq!(shown(json!({"pace": 0}), hurried), Ok((3_600_000_000, 3_600_000_000)));
    }

    #[test]
    fn what_no_clock_can_do_is_refused() {
        for wrong in [
            json!({}),
            json!({"now": 1, "advance": 2}),
            json!({"pace": -1}),
            json!({"pace": 1_000_000}),
            json!({"advance": i64::MAX}),
            json!({"offset": "1h"}),
        ] {
            assert!(after(wrong.clone(), Course::default()).is_err(), "{wrong}");
        }
    }
}
