/// √(2∫(F_reference − F_current)² dx), the energy distance (Székely 2002; scipy `energy_distance`).
public enum EnergyDistance {
  /// Between two samples; nil when one is empty.
  public static func between(_ reference: SortedSample, _ current: SortedSample) -> Double? {
    guard reference.count > 0, current.count > 0 else { return nil }
    let pooled = SortedSample(reference.values + current.values).values
    var sum = 0.0
    for (value, next) in zip(pooled, pooled.dropFirst()) where next > value {
      let gap = reference.fraction(through: value) - current.fraction(through: value)
      if gap != 0 { sum += gap * gap * (next - value) }
    }
    return (2 * sum).squareRoot()
  }
}
