/// The chances with which each case of a list enters a sample, proportional to a priority.
public enum InclusionProbabilities {
  /// π_i = min(1, c·x_i) with Σπ_i = n: n cases with chances in proportion to their priorities, those that would exceed 1
  /// certain (Särndal, Swensson & Wretman 1992, §3.6).
  ///
  /// Priorities that are negative or NaN count as 0 and are never drawn. When fewer than n are positive all of those are
  /// certain.
  public static func proportional(to priorities: [Double], count: Int) -> [Double] {
    let sizes = priorities.map { $0 > 0 && $0.isFinite ? $0 : ($0 == .infinity ? Double.greatestFiniteMagnitude : 0) }
    var probabilities = sizes.map { _ in 0.0 }
    var open = sizes.indices.filter { sizes[$0] > 0 }
    var left = min(max(0, count), open.count)
    while left > 0, let largest = open.map({ sizes[$0] }).max() {
      // Scaled by the largest, so that huge sizes cannot overflow the sum.
      let total = open.reduce(0) { $0 + sizes[$1] / largest }
      let factor = Double(left) / total
      let certain = open.filter { sizes[$0] / largest * factor >= 1 - 1e-12 }
      if certain.isEmpty {
        for index in open { probabilities[index] = sizes[index] / largest * factor }
        break
      }
      for index in certain { probabilities[index] = 1 }
      left = max(0, left - certain.count)
      open.removeAll { probabilities[$0] == 1 }
    }
    return probabilities
  }

  /// A mixture that leaves no case out: a share of the sample is drawn evenly, the rest by priority. Without a floor a case
  /// of priority 0 could never be seen and no estimate could speak for it.
  public static func proportional(to priorities: [Double], count: Int, evenShare: Double) -> [Double] {
    let share = min(1, max(0, evenShare))
    let clean = priorities.map { $0 > 0 && $0.isFinite ? $0 : 0 }
    let mean = clean.reduce(0, +) / Double(max(1, clean.count))
    let floor = mean > 0 ? mean : 1
    return proportional(to: clean.map { (1 - share) * $0 + share * floor }, count: count)
  }
}
