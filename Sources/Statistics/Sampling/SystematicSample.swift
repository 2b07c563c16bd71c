/// Drawing cases with given chances, from random numbers handed in.
public enum SystematicSample {
  /// The indices where the running sum of π passes start, start + 1, … (Madow 1949): each case is drawn with its chance,
  /// in the given order, none twice, and the sample's size is Σπ rounded down or up.
  ///
  /// `start` is one uniform number in 0..<1. Cases with π ≥ 1 are always drawn and take no part in the sum.
  public static func draw(_ probabilities: [Double], start: Double) -> [Int] {
    var drawn: [Int] = []
    var sum = 0.0
    var next = start
    for (index, probability) in probabilities.enumerated() where probability > 0 {
      if probability >= 1 {
        drawn.append(index)
        continue
      }
      sum += probability
      if sum > next {
        drawn.append(index)
        next += 1
      }
    }
    return drawn
  }

  /// The cases whose own uniform number is below their chance (Poisson sampling): independent draws, random size.
  public static func poisson(_ probabilities: [Double], uniforms: [Double]) -> [Int] {
    zip(probabilities, uniforms).enumerated().filter { $0.element.1 < $0.element.0 }.map(\.offset)
  }
}
