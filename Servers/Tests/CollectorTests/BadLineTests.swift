internal import Foundation
internal import SyncProtocol
internal import Testing
internal import TortureReport

@Suite("A line on which everything goes wrong", .serialized) struct BadLineTests {
  /// `make torture` takes all faults on every question; else chance picks some.
  private static let isLong = ProcessInfo.processInfo.environment["MDS_LINE"] != nil

  private static var cases: [(Meddler.Question, LineFault)] {
    let all = Meddler.Question.allCases.flatMap { question in LineFault.all.map { (question, $0) } }
    return isLong ? all : Array(all.shuffled().prefix(24))
  }

  /// A ledger whose line to its collector can be meddled with.
  private static func line() async throws -> (wire: Wire, between: Meddler) {
    var meddler: Meddler?
    let wire = try await Wire { port in
      let made = try Meddler(to: port)
      meddler = made
      return made.port
    }
    return (wire, try #require(meddler))
  }

  @Test("costs no event and brings none twice; what is no answer counts for nothing, and never needs a person")
  func faults() async throws {
    let (wire, between) = try await Self.line()
    defer { between.close() }
    _ = try await wire.sync(nil)
    var (cases, early) = (0, 0)
    for (question, fault) in Self.cases {
      let name = "\(question.rawValue): \(fault.name)"
      try await wire.save(2)
      var outcome = SyncOutcome.caughtUp
      let met = try await between.meddle(with: question, fault.act) { outcome = try await wire.round() }
      #expect(met > 0, "\(name) was never asked")
      cases += 1
      let progress = try await wire.progress()
      if progress.said > progress.held { early += 1 }
      #expect(progress.said <= progress.held, "\(name): \(progress)")
      switch (fault.outcome, outcome) {
      case (.goesOn, .caughtUp), (.waits, .waiting), (.either, _): break
      default: Issue.record("\(name): \(outcome)")
      }
      // The line is well again: what is left comes without anybody's help.
      _ = try await wire.sync(nil)
    }
    let found = try await wire.check()
    TortureReport.add(
      "bad_line",
      [
        "cases": cases, "events": found.events, "early": early, "lost": found.lost, "duplicated": found.duplicated,
      ])
    #expect(found.lost == 0 && found.duplicated == 0)
  }

  @Test("a storm of refusals is met with one question a round, ever longer waits, and ends with the storm")
  func storm() async throws {
    let (wire, between) = try await Self.line()
    defer { between.close() }
    try await wire.save(3)
    let rounds = Self.isLong ? 500 : 50
    let answers = [500, 502, 503, 504].map { Array("HTTP/1.1 \($0) X\r\nContent-Length: 0\r\n\r\n".utf8) }
    var waits: [Int] = []
    let asked = try await between.meddle(with: .hello, { $0.send(answers[Int.random(in: 0..<4)]) }) {
      for _ in 0..<rounds {
        if case .waiting(let milliseconds, _) = try await wire.round() { waits.append(milliseconds) }
      }
    }
    #expect(waits.count == rounds && asked == rounds, "\(asked) questions in \(rounds) rounds, \(waits.count) waits")
    #expect(waits.allSatisfy { 1000...900_000 ~= $0 })
    #expect(waits.last == 900_000)
    _ = try await wire.sync(nil)
    let found = try await wire.check()
    TortureReport.add(
      "storm",
      ["replies": asked, "events": found.events, "lost": found.lost, "duplicated": found.duplicated])
    #expect(found.lost == 0 && found.duplicated == 0)
  }
}
