/// The argument at which a monotone function crosses a value.
enum RootSearch {
  /// The point in [lower, upper] where `isBeyond` turns from false to true, to the last representable digit.
  ///
  /// `isBeyond` must be monotone. Answers an end of the interval when it never turns inside.
  static func bisect(from lower: Double, to upper: Double, isBeyond: (Double) -> Bool) -> Double {
    var low = lower
    var high = upper
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if isBeyond(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// The zero in [lower, upper] of a falling function that is costly, by false position (the Illinois rule, Dowell &
  /// Jarratt 1971), halving where an end is infinite. Expects a value ≥ 0 at the lower end and ≤ 0 at the upper.
  static func crossing(from lower: Double, to upper: Double, value: (Double) -> Double) -> Double {
    var (low, lowValue) = (lower, value(lower))
    var (high, highValue) = (upper, value(upper))
    var lastMovedLow: Bool?
    var guess = (low + high) / 2
    for _ in 0..<200 where high - low > 1e-14 {
      let slope = highValue - lowValue
      guess = slope.isFinite && slope < 0 ? low - lowValue * (high - low) / slope : (low + high) / 2
      let found = value(guess)
      if abs(found) < 1e-13 { return guess }
      if found > 0 {
        (low, lowValue) = (guess, found)
        if lastMovedLow == true { highValue /= 2 }
        lastMovedLow = true
      } else {
        (high, highValue) = (guess, found)
        if lastMovedLow == false { lowValue /= 2 }
        lastMovedLow = false
      }
    }
    return guess
  }

  /// The least integer in lower...upper for which `holds` is true, nil when there is none; `holds` must be monotone.
  static func least(from lower: Int, through upper: Int, where holds: (Int) -> Bool) -> Int? {
    guard lower <= upper, holds(upper) else { return nil }
    var low = lower
    var high = upper
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
