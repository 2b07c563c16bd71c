import Domain
import Foundation
import Synchronization
import WireFixtures

/// A service of one model `m` on loopback, for tests of batches: two numbers `x` make their sum `y`.
///
/// It ends with `close()`, which waits for its threads.
final class RowService: Sendable {
  /// What it does with a request for an answer.
  enum Reply {
    case answer
    case refuse(Int, words: String = "", headers: [String: String] = [:])
    /// Answers as soon as so many requests have come.
    case answerAfter(Int)
  }

  private let model: RowModel
  private let server: ScriptedServer

  /// `reply` goes by the number of the request, from 1, and its rows.
  init(isListed: Bool = true, reply: @escaping @Sendable (Int, [[Double]]) -> Reply = { _, _ in .answer }) throws {
    let model = RowModel(isListed: isListed, reply: reply)
    self.model = model
    server = try ScriptedServer { model.answer($0.line, $0.body) }
  }

  var base: String { server.base }

  /// What the model was asked, as it came.
  var bodies: [[UInt8]] { model.bodies }

  /// The first number of every row that the model was asked about.
  var rows: [Double] { bodies.flatMap { RowModel.rows(of: $0).map { $0[0] } } }

  /// Lets go of whoever waits for requests that do not come.
  func release() { model.release() }

  /// Hangs up on everyone and waits for the threads.
  func close() {
    release()
    server.close()
  }
}

/// What the service answers.
private final class RowModel: Sendable {
  private struct State {
    var bodies: [[UInt8]] = []
    var isReleased = false
  }

  private let isListed: Bool
  private let reply: @Sendable (Int, [[Double]]) -> RowService.Reply
  private let state = Mutex(State())
  private let arrivals = NSCondition()

  init(isListed: Bool, reply: @escaping @Sendable (Int, [[Double]]) -> RowService.Reply) {
    self.isListed = isListed
    self.reply = reply
  }

  var bodies: [[UInt8]] { state.withLock { $0.bodies } }

  static func rows(of body: [UInt8]) -> [[Double]] {
    let numbers = (try? JSON(parsing: body))?["inputs"]?[0]?["data"]?.numbers ?? []
    return stride(from: 0, to: numbers.count - 1, by: 2).map { Array(numbers[$0..<$0 + 2]) }
  }

  func answer(_ line: String, _ body: [UInt8]) -> [UInt8] {
    if line.contains("/infer") { return infer(body) }
    guard isListed else { return ScriptedServer.response("", status: 404) }
    if line.contains("/repository/index") {
      return ScriptedServer.response(#"[{"name":"m","version":"1","state":"READY"}]"#)
    }
    let shape = #""datatype":"FP64","shape":[-1,"#
    return ScriptedServer.response(
      #"{"name":"m","versions":["1"],"platform":"p","inputs":[{"name":"x",\#(shape)2]}],"#
        + #""outputs":[{"name":"y",\#(shape)1]}]}"#)
  }

  private func infer(_ body: [UInt8]) -> [UInt8] {
    let rows = RowModel.rows(of: body)
    let number = state.withLock { state in
      state.bodies.append(body)
      return state.bodies.count
    }
    arrivals.lock()
    arrivals.broadcast()
    arrivals.unlock()
    switch reply(number, rows) {
    case .refuse(let status, let words, var headers):
      headers["content-type"] = "application/json"
      return ScriptedServer.response("{\"error\":\"\(words)\"}", status: status, headers: headers)
    case .answerAfter(let count):
      arrivals.lock()
      while bodies.count < count, !state.withLock({ $0.isReleased }) { arrivals.wait() }
      arrivals.unlock()
    case .answer: break
    }
    let sums = rows.map { "\($0[0] + $0[1])" }.joined(separator: ",")
    return ScriptedServer.response(
      #"{"model_name":"m","model_version":"1","outputs":[{"name":"y","datatype":"FP64","#
        + #""shape":[\#(rows.count),1],"data":[\#(sums)]}]}"#)
  }

  func release() {
    state.withLock { $0.isReleased = true }
    arrivals.lock()
    arrivals.broadcast()
    arrivals.unlock()
  }
}
