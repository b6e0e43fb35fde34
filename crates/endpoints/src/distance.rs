//! How far apart places are.

/// Great-circle distance in kilometres of two places, each degrees north and east, by the haversine formula.
pub fn distance_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let across = one.0.to_radians().cos() * other.0.to_radians().cos() * half(one.1, other.1);
    12_742.0 * (half(one.0, other.0) + across).clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::distance_km;

    #[test]
    fn distances_cross_the_date_line() {
        assert!((distance_km((0.0, 179.9), (0.0, -179.9)) - 22.2).abs() < 0.5);
        assert!((distance_km((52.52, 13.405), (48.8566, 2.3522)) - 878.0).abs() < 5.0);
    }
}
