import Testing

@testable import Operations

/// A service as it is measured from outside: it works on a few requests at a time, the others wait or are refused.
private struct SimulatedService {
  var workers = 4
  /// Seconds of every request, and of each of its rows.
  var overhead = 0.010
  var perRow = 0.000_02
  /// Requests beyond which it says that it is too busy.
  var limit = Int.max
  /// How much longer everything takes for each request beyond the workers.
  var thrashing = 0.0
  var retryAfter: Double?
  /// How much longer everything takes at a moment.
  var slowness: @Sendable (Double) -> Double = { _ in 1 }

  private struct Running {
    var sent: Double
    var rows: Int
    var done: Double
  }

  /// Rows a second in the long run, with a setting.
  func rate(_ requests: Int, _ rows: Int) -> Double {
    let busy = Double(min(requests, workers))
    let slower = 1 + thrashing * Double(max(0, requests - workers))
    return busy * Double(rows) / ((overhead + perRow * Double(rows)) * slower)
  }

  var bestRate: Double {
    let requests = 1...min(limit, BatchPace.mostRequests)
    let rows = [1, 16, 64, 256, 1024, 4096]
    return requests.flatMap { count in
      rows.filter { count * $0 <= BatchPace.mostRowsInFlight }.map { rate(count, $0) }
    }.max() ?? 0
  }

  /// Lets a pace send for some seconds; how many rows were answered in the last half, and how often it was refused.
  func run(_ pace: inout BatchPace, from start: Double = 0, seconds: Double) -> (rate: Double, refusals: Int) {
    var now = start
    var running: [Running] = []
    var free = Array(repeating: start, count: workers)
    var rows = 0
    var refusals = 0
    while now < start + seconds {
      while running.count < pace.requestsInFlight, now >= pace.resumesAt {
        guard running.count < limit else {
          refusals += 1
          pace.refused(sent: now, retryAfter: retryAfter, at: now)
          continue
        }
        let worker = free.indices.min { free[$0] < free[$1] } ?? 0
        let slower = (1 + thrashing * Double(max(0, running.count + 1 - workers))) * slowness(now)
        let done = max(now, free[worker]) + (overhead + perRow * Double(pace.rowsPerRequest)) * slower
        free[worker] = done
        running.append(Running(sent: now, rows: pace.rowsPerRequest, done: done))
      }
      guard let first = running.indices.min(by: { running[$0].done < running[$1].done }) else {
        now = pace.resumesAt
        continue
      }
      if now < pace.resumesAt, pace.resumesAt < running[first].done, running.count < pace.requestsInFlight {
        now = pace.resumesAt
        continue
      }
      let answer = running.remove(at: first)
      now = answer.done
      if now > start + seconds / 2 { rows += answer.rows }
      pace.answered(rows: answer.rows, after: now - answer.sent, at: now)
    }
    return (Double(rows) / (seconds / 2), refusals)
  }
}

@Suite("The pace of a batch")
struct BatchPaceTests {
  private static let services: [(String, SimulatedService)] = [
    ("one with much to do for each request", SimulatedService()),
    ("one that works on one request at a time", SimulatedService(workers: 1)),
    ("one whose rows are all that costs", SimulatedService(overhead: 0.000_2, perRow: 0.000_5)),
    ("a wide one", SimulatedService(workers: 32, overhead: 0.2, perRow: 0.000_1)),
    ("one that thrashes", SimulatedService(workers: 4, thrashing: 0.15)),
  ]

  @Test("settles near the best that a service can do", arguments: 0..<5)
  func settles(index: Int) {
    let (name, service) = Self.services[index]
    var pace = BatchPace()
    let reached = service.run(&pace, seconds: 120).rate
    #expect(reached >= 0.85 * service.bestRate, "\(name): \(reached) of \(service.bestRate) at \(pace.setting)")
  }

  @Test("sends no more at a time than a busy service takes, and seldom finds out again")
  func backsOff() {
    let service = SimulatedService(workers: 4, limit: 6, retryAfter: 1)
    var pace = BatchPace()
    let run = service.run(&pace, seconds: 300)
    #expect(pace.requestsInFlight <= 6)
    #expect(run.rate >= 0.8 * service.bestRate)
    #expect(run.refusals < 12)
  }

  @Test("halves what is in flight once for all that a busy service refused at a time")
  func halvesOnce() {
    var pace = BatchPace()
    _ = SimulatedService(workers: 16, overhead: 0.1).run(&pace, seconds: 60)
    let before = pace.requestsInFlight
    #expect(before >= 8)
    for _ in 0..<5 { pace.refused(sent: 59, at: 60) }
    #expect(pace.requestsInFlight == before / 2)
    pace.refused(sent: 60.5, at: 61)
    #expect(pace.requestsInFlight == before / 4)
  }

  @Test("waits as long as it is asked to, else longer each time, and begins again at little after an answer")
  func waits() {
    var pace = BatchPace()
    pace.refused(sent: 0, retryAfter: 7, at: 1)
    #expect(pace.resumesAt == 8)
    for _ in 0..<3 { pace.refused(sent: 8, at: 10) }
    #expect(pace.resumesAt == 11)
    pace.refused(sent: 11, at: 12)
    #expect(pace.resumesAt == 14)
    for moment in 1...20 { pace.refused(sent: 14, at: 100 * Double(moment)) }
    #expect(pace.resumesAt == 2030)
    pace.answered(rows: 1, after: 1, at: 3000)
    pace.refused(sent: 3000, retryAfter: 0, at: 3001)
    #expect(pace.resumesAt == 3001.5)
  }

  @Test("makes requests smaller when answers take very long, and when they do not come")
  func late() {
    var pace = BatchPace()
    _ = SimulatedService(workers: 2, overhead: 0.01, perRow: 0.02).run(&pace, seconds: 600)
    #expect(pace.rowsPerRequest <= 512)
    let before = pace.setting
    pace.timedOut(sent: 600, at: 660)
    #expect(pace.rowsPerRequest == max(1, before.rowsPerRequest / 2))
    #expect(pace.requestsInFlight == max(1, before.requestsInFlight / 2))
  }

  @Test("finds the new best when a service becomes narrower")
  func narrower() {
    var pace = BatchPace()
    _ = SimulatedService(workers: 16, overhead: 0.05).run(&pace, seconds: 60)
    let narrow = SimulatedService(workers: 2, overhead: 0.05, thrashing: 0.2)
    let run = narrow.run(&pace, from: 60, seconds: 200)
    #expect(run.rate >= 0.7 * narrow.bestRate, "\(run.rate) of \(narrow.bestRate) at \(pace.setting)")
  }

  @Test("is not kept slow by other work that took the machine while it looked for its pace", arguments: 0..<5)
  func disturbed(index: Int) {
    var (name, service) = Self.services[index]
    // Another program takes most of the machine, now and then, for the first quarter of a minute.
    service.slowness = { moment in moment < 15 && Int(moment * 3) % 2 == 0 ? 3 : 1 }
    var pace = BatchPace()
    let reached = service.run(&pace, seconds: 120).rate
    #expect(reached >= 0.8 * service.bestRate, "\(name): \(reached) of \(service.bestRate) at \(pace.setting)")
  }

  @Test("leaves what was given by hand as it is")
  func fixed() {
    var pace = BatchPace(requestsInFlight: 3, rowsPerRequest: 100)
    _ = SimulatedService().run(&pace, seconds: 30)
    pace.refused(sent: 31, at: 31)
    pace.timedOut(sent: 40, at: 40)
    #expect(pace.setting == BatchPace.Setting(requestsInFlight: 3, rowsPerRequest: 100))
    var half = BatchPace(rowsPerRequest: 1)
    _ = SimulatedService(workers: 8).run(&half, seconds: 60)
    #expect(half.rowsPerRequest == 1 && half.requestsInFlight >= 7)
  }

  @Test("never holds more rows than memory allows for")
  func bounded() {
    var pace = BatchPace()
    let service = SimulatedService(workers: 64, overhead: 1, perRow: 0.000_001)
    for second in 0..<60 {
      _ = service.run(&pace, from: Double(second) * 10, seconds: 10)
      #expect(pace.requestsInFlight * pace.rowsPerRequest <= BatchPace.mostRowsInFlight)
      #expect((1...64).contains(pace.requestsInFlight) && (1...4096).contains(pace.rowsPerRequest))
    }
  }
}

@Suite("Counted durations")
struct LatencyHistogramTests {
  @Test("give their quantiles to a few per cent")
  func quantiles() throws {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil)
    for index in 1...1000 { histogram.add(seconds: Double(index) / 1000) }
    #expect(abs(try #require(histogram.quantile(0.5)) - 0.5) < 0.01)
    #expect(abs(try #require(histogram.quantile(0.99)) - 0.99) < 0.02)
    histogram.add(seconds: 0)
    #expect(histogram.count == 1001)
  }
}
