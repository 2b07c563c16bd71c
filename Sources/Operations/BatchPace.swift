/// How much of a batch is sent at a time, chosen by what was measured: a value without a clock.
///
/// Requests in flight and rows of a request grow while that makes more rows a second: first doubled, by less after each
/// setback and by more after each success, so that one bad moment does not keep a batch slow. They are halved where
/// the service is too busy, too late or slower than it was. Moments and durations are in seconds.
public struct BatchPace: Equatable, Sendable {
  /// One way to send: so many rows in each of so many requests.
  public struct Setting: Hashable, Sendable {
    public var requestsInFlight: Int
    public var rowsPerRequest: Int
  }

  /// What can be turned.
  private enum Dial: CaseIterable { case rows, requests }

  private enum Phase: Equatable {
    /// Measures the setting that it begins with.
    case starting
    /// Tries a larger setting; `from` made `rate` rows a second.
    case trying(Dial, from: Setting, rate: Double)
    /// Tries fewer requests at a time: they may be as fast, and wait less for each other.
    case shrinking(from: Setting, rate: Double)
    /// Stays with what is best, for so many measurements.
    case holding(Int)
  }

  private struct Epoch: Equatable {
    var start: Double
    var rows = 0
    var requests = 0
    var seconds = 0.0
  }

  static let mostRequests = 64
  static let mostRows = 4096
  /// What a batch may hold in memory at a time, unless it is told so by hand.
  static let mostRowsInFlight = 8_192
  /// Slower answers than this halve the request: the deadline of a minute is not to be reached.
  static let longestAnswer = 10.0
  static let longestPause = 30.0
  private static let smallestStep = 0.25
  private static let leastPatience = 4
  private static let mostPatience = 16

  public private(set) var setting: Setting
  /// No request is to leave before this moment.
  public private(set) var resumesAt = -Double.infinity
  private let turnable: Set<Dial>
  /// By which part of it a dial is turned up at a time.
  private var steps: [Dial: Double]
  /// As many requests at a time as the service took.
  private var ceiling = BatchPace.mostRequests
  private var phase = Phase.starting
  private var rate = 0.0
  private var epoch: Epoch?
  /// Answers to come that were still asked for with another setting.
  private var stale = 0
  private var failedTrials = 0
  private var trials = 0
  /// Measurements between two trials: few at first, when little is known yet.
  private var patience = BatchPace.leastPatience
  private var slowEpochs = 0
  private var refusals = 0
  private var decreasedAt = -Double.infinity

  /// What is given stays as it is.
  public init(requestsInFlight: Int? = nil, rowsPerRequest: Int? = nil) {
    setting = Setting(requestsInFlight: requestsInFlight ?? 2, rowsPerRequest: rowsPerRequest ?? 64)
    turnable = Set((requestsInFlight == nil ? [.requests] : []) + (rowsPerRequest == nil ? [.rows] : []))
    steps = Dictionary(uniqueKeysWithValues: turnable.map { ($0, 1) })
  }

  public var requestsInFlight: Int { setting.requestsInFlight }
  public var rowsPerRequest: Int { setting.rowsPerRequest }

  // MARK: What happened

  /// A request was answered after so many seconds.
  public mutating func answered(rows: Int, after seconds: Double, at moment: Double) {
    refusals = 0
    guard stale == 0 else {
      stale -= 1
      return
    }
    guard var current = epoch else {
      // The rows of this answer were worked on before the measurement begins.
      epoch = Epoch(start: moment)
      return
    }
    current.rows += rows
    current.requests += 1
    current.seconds += seconds
    epoch = current
    let length = moment - current.start
    let enough = steps.values.contains(1) ? 0.2 : 0.5
    guard current.requests >= 2 * requestsInFlight, current.requests >= 6, length >= enough else { return }
    epoch = Epoch(start: moment)
    measured(Double(current.rows) / length, latency: current.seconds / Double(current.requests), at: moment)
  }

  /// The service was too busy to take a request that left at `sent`, and asked for so many seconds.
  public mutating func refused(sent: Double, retryAfter: Double? = nil, at moment: Double) {
    // All that is refused before the pause is over is one refusal.
    if moment >= resumesAt { refusals += 1 }
    let patience = min(BatchPace.longestPause, 0.5 * Double(1 << min(max(0, refusals - 1), 6)))
    resumesAt = max(resumesAt, moment + (retryAfter.flatMap { $0 > 0 ? $0 : nil } ?? patience))
    // What left before the last decrease says nothing of the present setting.
    guard sent >= decreasedAt, turnable.contains(.requests) else { return }
    ceiling = max(1, requestsInFlight - 1)
    decrease([.requests], at: moment)
  }

  /// A request that left at `sent` was not answered in time.
  public mutating func timedOut(sent: Double, at moment: Double) {
    guard sent >= decreasedAt else { return }
    decrease([.requests, .rows], at: moment)
  }

  // MARK: What follows from it

  private mutating func measured(_ measured: Double, latency: Double, at moment: Double) {
    if latency > BatchPace.longestAnswer {
      rate = measured
      return decrease([.rows], at: moment)
    }
    switch phase {
    case .starting:
      rate = measured
      tryNext(.rows)
    case .trying(let dial, let from, let before):
      let step = steps[dial] ?? BatchPace.smallestStep
      if measured >= before * (1 + step * 0.1) {
        rate = measured
        failedTrials = 0
        patience = BatchPace.leastPatience
        steps[dial] = min(1, step * 2)
        tryNext(dial)
      } else {
        setting = from
        steps[dial] = max(BatchPace.smallestStep, step / 2)
        failedTrials += 1
        change()
        if failedTrials < BatchPace.Dial.allCases.count { tryNext(dial == .rows ? .requests : .rows) } else { hold() }
      }
    case .shrinking(let from, let before):
      if measured >= before * 0.98 {
        rate = measured
        shrink()
      } else {
        setting = from
        change()
        hold()
      }
    case .holding(let count): held(measured, count)
    }
  }

  private mutating func held(_ measured: Double, _ count: Int) {
    if measured < rate * 0.7 {
      slowEpochs += 1
      guard slowEpochs > 1 else { return }
      rate = measured
      slowEpochs = 0
      return shrink()
    }
    slowEpochs = 0
    rate = rate * 0.8 + measured * 0.2
    phase = .holding(count + 1)
    guard count >= patience else { return }
    patience = min(BatchPace.mostPatience, patience * 2)
    // Now and then something else is tried: another dial each time, and every third time less.
    trials += 1
    failedTrials = 1
    switch trials % 3 {
    case 0: shrink()
    case 1: tryNext(.requests)
    default: tryNext(.rows)
    }
    if trials % 6 == 0 { ceiling = min(BatchPace.mostRequests, ceiling + 1) }
  }

  private mutating func shrink() {
    guard turnable.contains(.requests), requestsInFlight > 1 else { return hold() }
    phase = .shrinking(from: setting, rate: rate)
    setting.requestsInFlight = requestsInFlight > 4 ? requestsInFlight / 2 : requestsInFlight - 1
    change()
  }

  /// Tries one more step of a dial, or of the other where this one cannot be turned further.
  private mutating func tryNext(_ dial: Dial) {
    for dial in [dial, dial == .rows ? .requests : .rows] {
      guard let next = larger(dial) else { continue }
      phase = .trying(dial, from: setting, rate: rate)
      setting = next
      return change()
    }
    hold()
  }

  private func larger(_ dial: Dial) -> Setting? {
    guard turnable.contains(dial) else { return nil }
    var next = setting
    let step = steps[dial] ?? BatchPace.smallestStep
    func more(_ value: Int) -> Int { max(1, Int(Double(value) * step)) }
    switch dial {
    case .rows: next.rowsPerRequest = min(BatchPace.mostRows, rowsPerRequest + more(rowsPerRequest))
    case .requests:
      let most = min(ceiling, BatchPace.mostRequests)
      next.requestsInFlight = max(requestsInFlight, min(most, requestsInFlight + more(requestsInFlight)))
    }
    let fits = next.requestsInFlight * next.rowsPerRequest <= BatchPace.mostRowsInFlight || dial == .requests
    guard next != setting, fits else { return nil }
    // More requests than fit are made smaller, so that both can be had.
    if turnable.contains(.rows) {
      next.rowsPerRequest = min(next.rowsPerRequest, max(1, BatchPace.mostRowsInFlight / next.requestsInFlight))
    }
    return next
  }

  private mutating func hold() { phase = .holding(0) }

  private mutating func decrease(_ dials: Set<Dial>, at moment: Double) {
    if case .trying(_, _, let before) = phase { rate = min(rate, before) }
    for dial in turnable { steps[dial] = BatchPace.smallestStep }
    if dials.contains(.requests), turnable.contains(.requests) {
      setting.requestsInFlight = max(1, setting.requestsInFlight / 2)
    }
    if dials.contains(.rows), turnable.contains(.rows) {
      setting.rowsPerRequest = max(1, setting.rowsPerRequest / 2)
    }
    decreasedAt = moment
    failedTrials = 0
    slowEpochs = 0
    phase = .starting
    change()
  }

  /// What is on its way now was sent by another setting.
  private mutating func change() {
    epoch = nil
    stale = requestsInFlight
  }
}
