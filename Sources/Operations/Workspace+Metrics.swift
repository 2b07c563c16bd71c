internal import ConfigurationFile
public import Deployment
public import Domain
internal import Transport
internal import Workbench

extension Workspace {
  /// What the context's Prometheus says of a model's last minutes; nil where the context has none, or it has no metrics
  /// of the model.
  public func traffic(of model: RawText) async throws(Problem) -> Traffic? {
    guard let endpoint = context.prometheus else { return nil }
    let transport = Transport(configuration: endpoint.transport)
    do {
      return try await Prometheus(base: endpoint.url, transport: transport).traffic(of: model)
    } catch {
      throw error.problem
    }
  }
}

extension Workspace {
  /// The windows, those without a result with what the context's Prometheus says of the detector's own calls: what
  /// share of them said drift. A detector that keeps state is read this way, because asking it would change it.
  func completed(_ windows: [Window], by detector: ModelID?, width: WindowWidth) async -> [Window] {
    guard let endpoint = context.prometheus, let detector, let first = windows.first, let last = windows.last,
      windows.contains(where: { $0.result == nil })
    else { return windows }
    let transport = Transport(configuration: endpoint.transport)
    // What is missing there is missing here: the windows stand without it.
    guard let prometheus = try? Prometheus(base: endpoint.url, transport: transport),
      let shares = try? await prometheus.driftShares(
        of: detector.name, from: first.to, to: last.to, step: Int(width.seconds))
    else { return windows }
    let byEnd = Dictionary(shares.map { ($0.at, $0.value) }) { first, _ in first }
    return windows.map { window in
      guard window.result == nil, let share = byEnd[window.to], (0...1).contains(share) else { return window }
      var window = window
      window.result = Window.Result(share: share, by: detector)
      return window
    }
  }
}

extension Window.Result {
  /// What a detector said of the calls of a window, as its metrics hold it; half of them make a drift.
  init(share: Double, by detector: ModelID) {
    let percent = Int((share * 100).rounded())
    self.init(
      source: .metrics, detector: detector, method: RawText("\(percent)% of its calls drifted"), correction: "",
      threshold: 0.5, referenceCount: 0, isDrift: share >= 0.5, features: [])
  }
}

extension Traffic {
  /// `2.1/s   0.5% failed   p50 9 ms   p99 41 ms`: what is known, in one line.
  public var text: String {
    var words = ["\(Traffic.rounded(rate))/s"]
    if let failedShare { words.append("\(Traffic.rounded(failedShare * 100))% failed") }
    for (name, value) in [("p50", median), ("p99", p99), ("mean", mean)] {
      if let value { words.append("\(name) \(Traffic.rounded(value)) ms") }
    }
    return words.joined(separator: "   ")
  }

  /// Two decimals below 10, one below 100, none above.
  private static func rounded(_ value: Double) -> String {
    let places: Double = value < 10 ? 100 : value < 100 ? 10 : 1
    return Decimal.shortest((value * places).rounded() / places)
  }
}
