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
