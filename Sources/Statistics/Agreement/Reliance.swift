/// How analysts take a model's advice when they answer first without it and again with it
/// (measures after Schemmer et al. 2023, "Appropriate reliance on AI advice").
public struct Reliance: Hashable, Sendable {
  /// One case judged twice.
  public struct Observation<Label: Hashable & Sendable>: Hashable, Sendable {
    /// Before the model was shown.
    public var initial: Label
    /// What the model said.
    public var model: Label
    /// After the model was shown.
    public var final: Label
    /// What was true, nil while nobody knows.
    public var truth: Label?

    public init(initial: Label, model: Label, final: Label, truth: Label?) {
      self.initial = initial
      self.model = model
      self.final = final
      self.truth = truth
    }
  }

  /// Answers changed, of those that differed from the model's: P(f≠i | m≠i).
  public private(set) var switched = Count()
  /// Answers changed to the model's, of those that differed: P(f=m | m≠i).
  public private(set) var adopted = Count()
  /// Right answers given up for wrong advice: P(f=m | m≠t, i=t).
  public private(set) var adoptedWrong = Count()
  /// RAIR, wrong answers mended by right advice: P(f=t | i≠t, m=t).
  public private(set) var relativeAIReliance = Count()
  /// RSR, right answers kept against wrong advice: P(f=t | i=t, m≠t).
  public private(set) var relativeSelfReliance = Count()
  /// First answers that are true.
  public private(set) var initialAccuracy = Count()
  /// Model answers that are true.
  public private(set) var modelAccuracy = Count()
  /// Last answers that are true.
  public private(set) var finalAccuracy = Count()

  /// So many of so many.
  public struct Count: Hashable, Sendable {
    public private(set) var hits = 0
    public private(set) var total = 0

    /// hits/total, nil of nothing.
    public var value: Double? { total > 0 ? Double(hits) / Double(total) : nil }

    /// For intervals.
    public var proportion: Proportion? { Proportion(hits, of: total) }

    mutating func record(_ isHit: Bool) {
      total += 1
      if isHit { hits += 1 }
    }
  }

  public init() {}

  public init<Label>(_ observations: some Sequence<Observation<Label>>) {
    for observation in observations { add(observation) }
  }

  public mutating func add<Label>(_ case: Observation<Label>) {
    let (initial, model, final) = (`case`.initial, `case`.model, `case`.final)
    if model != initial {
      switched.record(final != initial)
      adopted.record(final == model)
    }
    guard let truth = `case`.truth else { return }
    initialAccuracy.record(initial == truth)
    modelAccuracy.record(model == truth)
    finalAccuracy.record(final == truth)
    if initial != truth, model == truth { relativeAIReliance.record(final == truth) }
    if initial == truth, model != truth {
      relativeSelfReliance.record(final == truth)
      adoptedWrong.record(final == model)
    }
  }

  /// 1 − RSR: how often a right answer was given up when the model was wrong.
  public var overReliance: Double? { relativeSelfReliance.value.map { 1 - $0 } }

  /// 1 − RAIR: how often right advice was left unused.
  public var underReliance: Double? { relativeAIReliance.value.map { 1 - $0 } }

  /// acc(final) − acc(initial), on the cases whose truth is known.
  public var assistEffect: Double? {
    guard let final = finalAccuracy.value, let initial = initialAccuracy.value else { return nil }
    return final - initial
  }
}
