import Domain
import Foundation
import Ledger
import Testing
import Workbench

@testable import Operations

@Suite("A batch")
struct BatchTests {
  /// What a batch came to, as it was handed over.
  struct Outcome {
    var answers: [JSON] = []
    var rejected: [RejectedRow] = []
    var cases: [ShortHash] = []
    var problem: Problem?
    var result: BatchResult?

    var rows: [Int] { answers.compactMap { $0["row"]?.integer.map { Int($0) } } }
  }

  /// A table of `x[0]`, `x[1]` whose first column counts from 1.
  static func table(_ count: Int) -> String {
    "x[0],x[1]\n" + (1...count).map { "\($0),0.5\n" }.joined()
  }

  static func withService(
    isListed: Bool = true, reply: @escaping @Sendable (Int, [[Double]]) -> RowService.Reply = { _, _ in .answer },
    _ body: (Workspace, RowService, String) async throws -> Void
  ) async throws {
    let service = try RowService(isListed: isListed, reply: reply)
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-batch-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let workspace = try Workspace(
      Context(name: "desk", service: service.base, analyst: "ana", ledgerPath: folder + "/ledger.sqlite"))
    defer {
      workspace.close()
      service.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    try await body(workspace, service, folder)
  }

  static func score(
    _ text: String, named name: String = "rows.csv", in folder: String, _ workspace: Workspace,
    set: (inout BatchOptions) -> Void = { _ in }
  ) async throws -> Outcome {
    let path = folder + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    var outcome = Outcome()
    var options = BatchOptions()
    set(&options)
    do throws(Problem) {
      let input = try await workspace.open(path, for: "m")
      outcome.result = try await workspace.score(
        input, options: options,
        deliver: { part in
          for line in part.answers.split(separator: 0x0A) {
            if let json = try? JSON(parsing: Array(line)) { outcome.answers.append(json) }
          }
          outcome.rejected += part.rejected
          outcome.cases += part.cases
        })
    } catch {
      outcome.problem = error
    }
    return outcome
  }

  @Test("keeps the file's order, whatever order the answers come in")
  func order() async throws {
    // The first request is answered when the last one has come.
    try await Self.withService(reply: { number, _ in number == 1 ? .answerAfter(6) : .answer }) {
      workspace, service, folder in
      let outcome = try await Self.score(Self.table(30), in: folder, workspace) { options in
        options.rowsPerRequest = 5
        options.requestsInFlight = 6
      }
      #expect(outcome.rows == Array(1...30))
      #expect(outcome.answers.map { $0["value"]?.number } == (1...30).map { Double($0) + 0.5 })
      #expect(service.bodies.count == 6)
    }
  }

  @Test("finds its own pace, and asks about every row once")
  func pace() async throws {
    try await Self.withService { workspace, service, folder in
      let outcome = try await Self.score(Self.table(5000), in: folder, workspace)
      #expect(outcome.rows == Array(1...5000))
      #expect(service.rows.sorted() == (1...5000).map(Double.init))
      #expect(outcome.result?.progress.scored == 5000)
      #expect(outcome.result?.latencies.count == service.bodies.count)
    }
  }

  @Test("sends again what a busy service did not take, and nothing else")
  func busy() async throws {
    let refusals = ["refused", "upstream connect error or disconnect/reset before headers. reset reason: overflow"]
    try await Self.withService(reply: { number, _ in
      switch number {
      case 2: .refuse(429, words: refusals[0], headers: ["Retry-After": "1"])
      case 4: .refuse(503, words: refusals[1])
      default: .answer
      }
    }) { workspace, service, folder in
      let outcome = try await Self.score(Self.table(60), in: folder, workspace) { options in
        options.rowsPerRequest = 10
        options.requestsInFlight = 2
      }
      #expect(outcome.problem == nil)
      #expect(outcome.rows == Array(1...60))
      #expect(service.bodies.count == 8)
      #expect(Set(service.rows).count == 60)
    }
  }

  @Test("never sends again what may have been done: a proxy lost the server in the middle")
  func lost() async throws {
    let words = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
    try await Self.withService(reply: { number, _ in number == 3 ? .refuse(503, words: words) : .answer }) {
      workspace, service, folder in
      let outcome = try await Self.score(Self.table(60), in: folder, workspace) { options in
        options.rowsPerRequest = 10
        options.requestsInFlight = 1
      }
      #expect(outcome.problem?.kind == .unreachable, "\(String(describing: outcome.problem))")
      // Of two that are ready either may leave first, and one may be leaving when the other is lost; none is asked twice.
      #expect(outcome.rows == Array((1...30).prefix(outcome.rows.count)), "\(outcome.rows)")
      #expect([30, 40].contains(service.rows.count) && Set(service.rows).count == service.rows.count)
    }
  }

  @Test("sets aside what a service did not answer in time, and ends when it answers nothing any more")
  func late() async throws {
    try await Self.withService(reply: { number, _ in number == 2 || number > 3 ? .refuse(504) : .answer }) {
      workspace, service, folder in
      let outcome = try await Self.score(Self.table(90), in: folder, workspace) { options in
        options.rowsPerRequest = 10
        options.requestsInFlight = 1
      }
      // Of requests that are ready either may leave first, so which rows are late is left to chance: two requests are
      // answered, one between them is late, and of the three after them the last may be left for another run. One more may
      // be leaving when it is seen that nothing comes; of nine that there are the last two are never asked.
      let aside = outcome.rejected.map(\.row)
      #expect(outcome.rows.count == 20 && (20...40).contains(aside.count), "\(outcome.rows) \(aside)")
      #expect(Set(outcome.rows).isDisjoint(with: aside), "\(outcome.rows) \(aside)")
      for rows in [outcome.rows, aside] {
        #expect(Set(rows.map { ($0 - 1) / 10 }).count == rows.count / 10 && rows.count % 10 == 0, "\(rows)")
      }
      #expect(outcome.problem != nil)
      #expect((6...7).contains(service.bodies.count))
    }
  }

  @Test("finds the row that the service refuses, and keeps those beside it")
  func refused() async throws {
    try await Self.withService(reply: { _, rows in
      rows.contains { $0[0] == 13 } ? .refuse(400, words: "thirteen") : .answer
    }) { workspace, _, folder in
      let outcome = try await Self.score(Self.table(40), in: folder, workspace) { $0.rowsPerRequest = 20 }
      #expect(outcome.rows == (1...40).filter { $0 != 13 })
      #expect(outcome.rejected.map(\.row) == [13])
      #expect(outcome.rejected.first?.reason.contains("thirteen") == true)
      #expect(outcome.rejected.first?.text == "13,0.5")
    }
  }

  @Test("holds as many rows as are on their way, twice over, however long the file is")
  func memory() async throws {
    try await Self.withService { workspace, _, folder in
      let outcome = try await Self.score(Self.table(20_000), in: folder, workspace) { options in
        options.rowsPerRequest = 10
        options.requestsInFlight = 3
      }
      #expect(outcome.rows.count == 20_000)
      let result = try #require(outcome.result)
      #expect(result.mostRowsHeld <= 2 * 3 * 10)
    }
  }

  @Test("makes cases when it is asked to, in the file's order, and the same ones again")
  func cases() async throws {
    try await Self.withService { workspace, _, folder in
      let none = try await Self.score(Self.table(25), in: folder, workspace)
      #expect(none.cases.isEmpty)
      for _ in 0..<2 {
        let made = try await Self.score(Self.table(25), in: folder, workspace) { options in
          options.keepsCases = true
          options.rowsPerRequest = 4
        }
        #expect(made.cases.count == 25)
        #expect(made.answers.map { $0["number"]?.integer } == (1...25).map { Int64($0) })
      }
      let count = try await workspace.onLedger { ledger throws(LedgerError) in try ledger.caseCount() }
      #expect(count == 25)
    }
  }

  @Test("stops when it is cancelled, with what is done handed over")
  func cancelled() async throws {
    try await Self.withService(reply: { number, _ in number > 2 ? .answerAfter(.max) : .answer }) {
      workspace, service, folder in
      try Self.table(50).write(toFile: folder + "/rows.csv", atomically: true, encoding: .utf8)
      let task = Task {
        var rows = 0
        var options = BatchOptions()
        options.rowsPerRequest = 10
        options.requestsInFlight = 1
        do {
          _ = try await workspace.score(
            try await workspace.open(folder + "/rows.csv", for: "m"), options: options,
            deliver: { rows += $0.scored }, report: { _ in if rows == 20 { withUnsafeCurrentTask { $0?.cancel() } } })
        } catch {}
        return rows
      }
      #expect(await task.value == 20)
      service.release()
    }
  }
}

@Suite("A batch of requests")
struct RequestBatchTests {
  static func line(_ first: Int, id: String? = nil, rows: Int = 1) -> String {
    let data = (0..<rows).map { "\(first + $0).0, 0.5" }.joined(separator: ", ")
    let id = id.map { #""id": "\#($0)", "# } ?? ""
    return #"{\#(id)"inputs": [{"name": "x", "shape": [\#(rows), 2], "datatype": "FP64", "data": [\#(data)]}]}"#
  }

  @Test("sends each line as it is, also to a model that nobody lists or describes")
  func asItIs() async throws {
    try await BatchTests.withService(isListed: false) { workspace, service, folder in
      let lines = [Self.line(1, id: "a"), Self.line(2, rows: 3), Self.line(5)]
      for name in ["requests.jsonl", "requests.txt"] {
        let outcome = try await BatchTests.score(lines.joined(separator: "\n"), named: name, in: folder, workspace)
        #expect(outcome.problem == nil)
        #expect(outcome.rows == [1, 2, 3])
        #expect(outcome.answers[0]["id"]?.string == "a")
        #expect(outcome.answers[0]["value"]?.number == 1.5)
        #expect(outcome.answers[1]["outputs"]?[0]?["data"]?.numbers == [2.5, 3.5, 4.5])
        #expect(outcome.answers[1]["inputs"] == nil)
      }
      #expect(Set(service.bodies.map { String(decoding: $0, as: UTF8.self) }) == Set(lines))
    }
  }

  @Test("sets aside a line that is no request, with the reason, and those that the service refuses")
  func noRequest() async throws {
    try await BatchTests.withService(reply: { _, rows in rows.first?[0] == 4 ? .refuse(400, words: "four") : .answer })
    {
      workspace, service, folder in
      let wrong = Self.line(3).replacing("[1, 2]", with: "[2, 2]")
      let lines = [Self.line(1), "{nonsense", wrong, Self.line(4), #"{"inputs": []}"#, Self.line(6)]
      let outcome = try await BatchTests.score(
        lines.joined(separator: "\n"), named: "r.jsonl", in: folder, workspace)
      #expect(outcome.rows == [1, 6])
      #expect(outcome.rejected.map(\.row) == [2, 3, 4, 5])
      #expect(outcome.rejected[1].reason == "it is no request: inputs[0].data: 2 elements for shape [2, 2]")
      #expect(outcome.rejected[2].reason.contains("four"))
      #expect(service.bodies.count == 3)
    }
  }

  @Test("takes a JSON list of requests, and one request alone over several lines")
  func json() async throws {
    try await BatchTests.withService { workspace, _, folder in
      let list = "[\n" + [Self.line(1), Self.line(2)].joined(separator: ",\n") + "]"
      let both = try await BatchTests.score(list, named: "r.json", in: folder, workspace)
      #expect(both.rows == [1, 2])
      let one = Self.line(7).replacing(", ", with: ",\n ")
      let alone = try await BatchTests.score(one, named: "r.json", in: folder, workspace)
      #expect(alone.rows == [1])
    }
  }

  static let beginnings: [(String, Bool)] = [
    (#"{"inputs": [{"name": "x"}]}"#, true), (#"[ {"id":"1", "inputs" : [ {"#, true),
    (#"{"parameters": {"inputs": [{}]}, "inputs": [{"#, true), (#"{"inputs": {"x": 1}}"#, false),
    (#"{"parameters": {"inputs": [{}]}}"#, false), (#"{"a": "inputs", "b": [{}]}"#, false),
    (#"{"inputs": [1]}"#, false),
    (#"{"inputs": []}"#, false), ("", false), ("inputs,x\n", false), (#"{"a": "\"inputs\": [{"}"#, false),
    (#"{"x": 1}"# + "\n" + #"{"inputs": [{"#, false),
  ]

  @Test("is known by its beginning", arguments: beginnings)
  func beginning(text: String, isRequest: Bool) {
    #expect(RowReader.beginsRequest(Array(text.utf8)[...]) == isRequest)
  }
}
