internal import Glibc

/// A random order in which heavier cases tend to come first.
public enum WeightedOrder {
  /// Indices by descending u^{1/w} (Efraimidis & Spirakis 2006): as if drawn one after the other without replacement, each
  /// time with chances in proportion to weight. Cases without positive weight come last in their given order.
  ///
  /// `uniforms` holds one number in 0..<1 per weight; missing ones count as 0.
  public static func indices(weights: [Double], uniforms: [Double]) -> [Int] {
    let keys = weights.indices.map { index -> Double in
      guard weights[index] > 0 else { return -.infinity }
      let uniform = index < uniforms.count ? uniforms[index] : 0
      return max(-Double.greatestFiniteMagnitude, log(uniform) / weights[index])
    }
    return weights.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] > keys[$1] }
  }
}
