/// How often each label was predicted for each true label: rows are truth, columns the model (or a second analyst).
public struct ConfusionMatrix<Label: Hashable & Sendable>: Hashable, Sendable {
  /// In the order of rows and columns.
  public private(set) var labels: [Label]
  /// counts[truth][model].
  public private(set) var counts: [[Int]]
  private var places: [Label: Int]

  /// An empty matrix; labels that turn up later are appended.
  public init(labels: [Label] = []) {
    self.labels = []
    counts = []
    places = [:]
    for label in labels { _ = place(of: label) }
  }

  public init(_ pairs: some Sequence<(truth: Label, model: Label)>, labels: [Label] = []) {
    self.init(labels: labels)
    for pair in pairs { add(truth: pair.truth, model: pair.model) }
  }

  public mutating func add(truth: Label, model: Label, count: Int = 1) {
    let row = place(of: truth)
    let column = place(of: model)
    counts[row][column] += count
  }

  /// The same counts with the labels in another order.
  public func ordered(_ isBefore: (Label, Label) throws -> Bool) rethrows -> ConfusionMatrix {
    var ordered = ConfusionMatrix(labels: try labels.sorted(by: isBefore))
    for (row, truth) in labels.enumerated() {
      for (column, model) in labels.enumerated() { ordered.add(truth: truth, model: model, count: counts[row][column]) }
    }
    return ordered
  }

  public subscript(truth truth: Label, model model: Label) -> Int {
    guard let row = places[truth], let column = places[model] else { return 0 }
    return counts[row][column]
  }

  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// ΣM_kk.
  public var diagonal: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// How often each label was true.
  public var truthTotals: [Int] { counts.map { $0.reduce(0, +) } }

  /// How often each label was predicted.
  public var modelTotals: [Int] { counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } } }

  /// ΣM_kk/N.
  public var accuracy: Proportion? { Proportion(diagonal, of: total) }

  /// M_kk/ΣM_k·, of what is true the share that was found; nil when the label was never true.
  public func recall(_ label: Label) -> Double? {
    places[label].flatMap { share(counts[$0][$0], of: truthTotals[$0]) }
  }

  /// M_kk/ΣM_·k, of what was predicted the share that is true; nil when the label was never predicted.
  public func precision(_ label: Label) -> Double? {
    places[label].flatMap { share(counts[$0][$0], of: modelTotals[$0]) }
  }

  /// 2M_kk/(ΣM_k· + ΣM_·k), the harmonic mean of both; nil when the label never occurs.
  public func f1(_ label: Label) -> Double? {
    places[label].flatMap { share(2 * counts[$0][$0], of: truthTotals[$0] + modelTotals[$0]) }
  }

  /// The unweighted mean F1 of the labels that occur.
  public var macroF1: Double? { Moments(labels.compactMap(f1)).mean }

  /// The mean recall of the labels that are ever true.
  public var balancedAccuracy: Double? { Moments(labels.compactMap(recall)).mean }

  /// Matthews' correlation of truth and model for any number of labels (Gorodkin 2004); nil when one side is constant.
  public var matthewsCorrelation: Double? {
    let n = Double(total)
    let truth = truthTotals.map(Double.init)
    let model = modelTotals.map(Double.init)
    let both = zip(truth, model).reduce(0) { $0 + $1.0 * $1.1 }
    let truthSpread = n * n - truth.reduce(0) { $0 + $1 * $1 }
    let modelSpread = n * n - model.reduce(0) { $0 + $1 * $1 }
    guard truthSpread > 0, modelSpread > 0 else { return nil }
    return (Double(diagonal) * n - both) / (truthSpread * modelSpread).squareRoot()
  }

  private func share(_ part: Int, of whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }

  private mutating func place(of label: Label) -> Int {
    if let place = places[label] { return place }
    let place = labels.count
    places[label] = place
    labels.append(label)
    for row in counts.indices { counts[row].append(0) }
    counts.append(Array(repeating: 0, count: labels.count))
    return place
  }
}
