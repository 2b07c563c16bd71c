internal import Workbench

/// Measures how a batch goes on.
struct BatchMeter {
  /// Seconds that the rate of late looks back.
  private static let span = 10.0

  private(set) var progress = BatchProgress()
  var latencies = LatencyHistogram()
  private let began: Double
  private var samples: [(at: Double, rows: Int)]

  init(_ options: BatchOptions, at moment: Double) {
    began = moment
    samples = [(moment, 0)]
    progress.before = options.earlier.done
    progress.rows = options.facts?.rows
    progress.size = options.facts?.size
  }

  mutating func add(_ part: BatchPart, end: Int, at moment: Double) {
    progress.scored += part.scored
    progress.setAside += part.rejected.count
    progress.bytes = max(progress.bytes, end)
    guard let last = samples.last, moment - last.at >= 0.5 else { return }
    samples.append((moment, progress.scored + progress.setAside))
    // One sample older than the span stays, to look back to.
    while samples.count > 2, moment - samples[1].at > BatchMeter.span { samples.removeFirst() }
  }

  mutating func report(_ pace: BatchPace, at moment: Double) -> BatchProgress {
    progress.seconds = moment - began
    if let first = samples.first, moment - first.at >= 0.5 {
      progress.rate = Double(progress.scored + progress.setAside - first.rows) / (moment - first.at)
    }
    progress.requestsInFlight = pace.requestsInFlight
    progress.rowsPerRequest = pace.rowsPerRequest
    progress.pause = pace.resumesAt > moment ? pace.resumesAt - moment : nil
    return progress
  }
}
