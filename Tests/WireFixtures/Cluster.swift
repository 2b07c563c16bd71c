internal import Synchronization

/// A Kubernetes API on loopback, whose objects a test changes while they are watched.
public final class Cluster: Sendable {
  private struct State {
    /// Objects by plural and name, each as JSON without its version.
    var objects: [String: [String: Object]] = [:]
    var version = 100
    /// Older versions cannot be gone on from.
    var oldest = 0
    var events: [(version: Int, plural: String, line: String)] = []
    var watches: [(plural: String, connection: Int)] = []
    /// Connections by which a watch was prepared or asked for.
    var followers: Set<Int> = []
    /// The status that watches are refused with.
    var watchStatus: Int?
    /// Lists that are refused with 403.
    var closed: Set<String> = []
    var isDown = false
  }

  struct Object {
    var body: String
    var version: Int
  }

  private final class Shelf: Sendable {
    let state = Mutex(State())
  }

  private let shelf: Shelf
  /// What answers.
  public let server: ScriptedServer

  /// With models that are ready.
  public init(models: [String] = []) throws {
    let shelf = Shelf()
    self.shelf = shelf
    server = try ScriptedServer(script: { request, send in Self.answer(request, shelf, send) })
    for name in models { put("models", name, Self.model()) }
  }

  /// Ends the server.
  public func close() { server.close() }

  /// A model as its custom resource tells it.
  public static func model(_ reason: String? = nil, available: Int = 1, of replicas: Int = 1) -> String {
    let conditions =
      reason.map {
        #"{"type":"ModelReady","status":"False","reason":"ModelFailed","message":"\#($0)"},"#
          + #"{"type":"Ready","status":"False"}"#
      } ?? #"{"type":"ModelReady","status":"True","message":"ModelAvailable"},{"type":"Ready","status":"True"}"#
    return #""spec":{"replicas":\#(replicas),"requirements":["sklearn"]},"#
      + #""status":{"availableReplicas":\#(available),"conditions":[\#(conditions)]}"#
  }

  // MARK: What happens

  /// Makes or changes an object; watches tell it.
  public func put(_ plural: String, _ name: String, _ body: String) {
    shelf.state.withLock { state in
      let type = state.objects[plural]?[name] == nil ? "ADDED" : "MODIFIED"
      state.objects[plural, default: [:]][name] = Object(body: body, version: state.version + 1)
      tell(type, plural, name, body, &state)
    }
  }

  /// Takes an object away.
  public func remove(_ plural: String, _ name: String) {
    shelf.state.withLock { state in
      guard let object = state.objects[plural]?.removeValue(forKey: name) else { return }
      tell("DELETED", plural, name, object.body, &state)
    }
  }

  private func tell(_ type: String, _ plural: String, _ name: String, _ body: String, _ state: inout State) {
    state.version += 1
    let line = #"{"type":"\#(type)","object":\#(Self.text(name, body, state.version))}"# + "\n"
    state.events.append((state.version, plural, line))
    for watch in state.watches where watch.plural == plural {
      server.push(Self.chunk(line), to: watch.connection)
    }
  }

  /// Ends the watches as the API does every few minutes.
  public func endWatches() {
    shelf.state.withLock { state in
      for watch in state.watches { server.push(Array("0\r\n\r\n".utf8), to: watch.connection) }
      state.watches = []
    }
  }

  /// Nothing before now can be gone on from.
  public func expire() {
    shelf.state.withLock { state in
      state.version += 1
      state.oldest = state.version
    }
  }

  /// Refuses watches with this status from now on; nil allows them.
  public func refuseWatches(_ status: Int?) { shelf.state.withLock { $0.watchStatus = status } }

  /// Refuses a list with 403.
  public func close(_ plural: String) { shelf.state.withLock { _ = $0.closed.insert(plural) } }

  /// The line goes, and with it every connection; or it comes back.
  public func setDown(_ isDown: Bool) {
    shelf.state.withLock { $0.isDown = isDown }
    guard isDown else { return }
    server.cutConnections()
    shelf.state.withLock { $0.watches = [] }
  }

  // MARK: What was asked

  /// Watches whose connections are open.
  public var openWatches: Int {
    shelf.state.withLock { state in state.watches.count { server.isOpen($0.connection) } }
  }

  /// Connections that were used for watches, and are open still.
  public var followers: Int { shelf.state.withLock { state in state.followers.count { server.isOpen($0) } } }

  /// How often a list was asked for.
  public func lists(of plural: String) -> Int { server.requests.count { $0.line.contains("/\(plural)?limit=500") } }

  /// The requests of its watches.
  public func watches(of plural: String) -> [String] {
    server.requests.map(\.line).filter { $0.contains("/\(plural)?watch=1") }
  }

  // MARK: Answers

  private static func answer(_ request: ReceivedRequest, _ shelf: Shelf, _ send: ([UInt8]) -> Bool) -> Bool {
    let parts = request.line.split(separator: " ")[1].split(separator: "?")
    let plural = String(parts[0].split(separator: "/").last ?? "")
    let query = parts.count > 1 ? String(parts[1]) : ""
    return shelf.state.withLock { state in
      if state.isDown { return false }
      if !query.contains("limit=500") { state.followers.insert(request.connection) }
      if query.contains("watch=1") { return watch(plural, query, request.connection, &state, send) }
      if state.closed.contains(plural) { return send(refusal(403)) }
      let items = (state.objects[plural] ?? [:]).sorted { $0.key < $1.key }.map {
        text($0.key, $0.value.body, $0.value.version)
      }
      return send(
        ScriptedServer.response(
          #"{"kind":"List","metadata":{"resourceVersion":"\#(state.version)"},"items":[\#(items.joined(separator: ","))]}"#
        ))
    }
  }

  private static func watch(
    _ plural: String, _ query: String, _ connection: Int, _ state: inout State, _ send: ([UInt8]) -> Bool
  ) -> Bool {
    if let status = state.watchStatus { return send(refusal(status)) }
    let from = query.split(separator: "resourceVersion=").last.flatMap { Int($0) } ?? 0
    let head = Array(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n".utf8)
    if from < state.oldest {
      let gone = #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
      return send(head + chunk(gone + "\n") + Array("0\r\n\r\n".utf8))
    }
    state.watches.append((plural, connection))
    let missed = state.events.filter { $0.version > from && $0.plural == plural }
    return send(head + missed.flatMap { chunk($0.line) })
  }

  private static func text(_ name: String, _ body: String, _ version: Int) -> String {
    #"{"metadata":{"name":"\#(name)","namespace":"lab","resourceVersion":"\#(version)"},\#(body)}"#
  }

  private static func chunk(_ text: String) -> [UInt8] {
    Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
  }

  private static func refusal(_ status: Int) -> [UInt8] {
    ScriptedServer.response(
      #"{"kind":"Status","status":"Failure","message":"no","reason":"Forbidden","code":\#(status)}"#, status: status)
  }
}
