internal import Foundation
internal import Synchronization
internal import Testing
internal import WireFixtures

/// Between a client and a collector: passes each exchange on, but for those that are to go wrong.
final class Meddler: Sendable {
  /// What is asked.
  enum Question: String, CaseIterable, Sendable {
    case hello = "GET /v1/hello"
    case push = "/events HTTP/1.1"
  }

  /// One exchange that goes wrong.
  struct Passage {
    let request: ReceivedRequest
    /// The same question that was asked last and passed on, and its answer.
    let before: Earlier?
    /// Sends to the client; false where it has gone.
    let send: ([UInt8]) -> Bool
    fileprivate let server: UInt16
    fileprivate let over: DispatchSemaphore

    /// Asks the collector; nil where it gives no whole answer.
    @discardableResult
    func pass(_ other: ReceivedRequest? = nil) -> Exchange.Answer? { Meddler.ask(server, other ?? request) }

    /// Asks the collector so often at the same moment.
    func passTogether(_ count: Int) {
      let (server, request) = (server, request)
      DispatchQueue.concurrentPerform(iterations: count) { _ in _ = Meddler.ask(server, request) }
    }

    /// Until the client's round is over.
    func wait() { if over.wait(timeout: .now() + 30) == .success { over.signal() } }

    /// Sends a byte at a time, for as long as somebody is there.
    func drip(_ bytes: some Sequence<UInt8>) {
      for byte in bytes {
        guard send([byte]), over.wait(timeout: .now() + .milliseconds(20)) == .timedOut else {
          over.signal()
          return
        }
      }
    }
  }

  /// What is done to an exchange; false hangs up.
  typealias Act = @Sendable (Passage) -> Bool

  /// A question that was passed on, and its answer.
  struct Earlier: Sendable {
    var request: ReceivedRequest
    var answer: Exchange.Answer
  }

  private struct Fault: Sendable {
    var question: Question
    var act: Act
    var over: DispatchSemaphore
    var before: Earlier?
  }

  private struct State {
    var fault: Fault?
    var earlier: [Question: Earlier] = [:]
    var met = 0

    /// What is done to a question; nil where it is passed on.
    mutating func meet(_ question: Question?) -> Fault? {
      guard var fault, fault.question == question else { return nil }
      met += 1
      fault.before = earlier[fault.question]
      return fault
    }
  }

  private let listener: ScriptedServer
  private let state: Locked

  private final class Locked: Sendable {
    private let mutex = Mutex(State())
    func with<Result: Sendable>(_ body: (inout State) -> Result) -> Result { mutex.withLock { body(&$0) } }
  }

  init(to server: UInt16) throws {
    let state = Locked()
    self.state = state
    listener = try ScriptedServer(script: { request, send in
      let question = Question.allCases.first {
        request.line.contains($0.rawValue) && !request.line.contains("/v1/events")
      }
      if let fault = state.with({ $0.meet(question) }) {
        return withoutActuallyEscaping(send) { send in
          fault.act(Passage(request: request, before: fault.before, send: send, server: server, over: fault.over))
        }
      }
      guard let answer = Meddler.ask(server, request) else { return false }
      if let question { state.with { $0.earlier[question] = Earlier(request: request, answer: answer) } }
      return send(answer.bytes())
    })
  }

  var port: Int { listener.port }

  /// While the body runs this is done to each exchange of a kind; how many there were.
  func meddle(with question: Question, _ act: @escaping Act, _ body: () async throws -> Void) async throws -> Int {
    let over = DispatchSemaphore(value: 0)
    state.with { state in
      state.fault = Fault(question: question, act: act, over: over)
      state.met = 0
    }
    defer {
      state.with { $0.fault = nil }
      over.signal()
    }
    try await body()
    return state.with { $0.met }
  }

  func close() { listener.close() }

  fileprivate static func ask(_ server: UInt16, _ request: ReceivedRequest) -> Exchange.Answer? {
    guard let line = try? Line(port: server) else { return nil }
    // What comes is looked at here: plain, and whole.
    let fields = request.headers.filter { !["connection", "accept-encoding", "expect"].contains($0.key) }
      .map { "\($0.key): \($0.value)\r\n" }.sorted().joined()
    guard line.send(Array("\(request.line)\r\n\(fields)connection: close\r\n\r\n".utf8) + request.body) else {
      return nil
    }
    return Exchange.Answer(line.readToEnd())
  }
}

extension Exchange.Answer {
  /// The answer as bytes of HTTP/1.1: another status, more fields or another body where they are named.
  func bytes(
    status: Int? = nil, without names: [String] = [], fields: [String] = [], length: String? = nil, body: [UInt8]? = nil
  ) -> [UInt8] {
    let dropped = names + ["content-length", "connection"]
    let kept = head.components(separatedBy: "\r\n").dropFirst().filter { line in
      !dropped.contains { line.lowercased().hasPrefix($0 + ":") }
    }
    let body = body ?? self.body
    let counted = length.map { $0.isEmpty ? [] : [$0] } ?? ["content-length: \(body.count)"]
    let lines = ["HTTP/1.1 \(status ?? self.status) X"] + kept + fields + counted
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }
}
