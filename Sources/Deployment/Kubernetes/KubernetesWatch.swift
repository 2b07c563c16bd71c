internal import Domain
internal import Transport

/// One change that a watch tells.
enum KubernetesEvent: Hashable, Sendable {
  case added(JSON)
  case modified(JSON)
  case deleted(JSON)
  /// No change, but a newer version from which to go on after a break.
  case bookmark(RawText)
  /// The version is too old (410): what is known is to be listed again.
  case expired
}

/// Changes of a list as they come, one JSON object a line. Letting go of it ends the watch.
struct KubernetesWatch {
  private let operation: ControlList
  private let kubernetes: Kubernetes
  private var pieces: HTTPStream.Body.Iterator
  private var exchange: DeploymentError.Exchange
  private var pending: [UInt8] = []
  private var searched = 0
  /// Where to go on after a break.
  private(set) var resourceVersion: RawText

  /// The most bytes of one event.
  static let lineLimit = 4 << 20

  fileprivate init(
    _ kubernetes: Kubernetes, _ list: ControlList, _ stream: HTTPStream, from version: RawText,
    _ exchange: DeploymentError.Exchange
  ) {
    operation = list
    self.kubernetes = kubernetes
    pieces = stream.body.makeAsyncIterator()
    self.exchange = exchange
    resourceVersion = version
  }

  /// The next change; nil when the server ended the watch, as it does every few minutes.
  mutating func next() async throws(DeploymentError) -> KubernetesEvent? {
    while true {
      if let line = takeLine() {
        if line.allSatisfy({ $0 <= 0x20 }) { continue }
        return try event(line)
      }
      guard pending.count <= Self.lineLimit else { throw unreadable("a line of more than \(Self.lineLimit) bytes") }
      do throws(TransportError) {
        guard let piece = try await pieces.next() else {
          guard pending.contains(where: { $0 > 0x20 }) else { return nil }
          throw TransportError.connectionLost(origin: kubernetes.base, reason: "the watch ended inside a line")
        }
        pending += piece
      } catch {
        throw kubernetes.failure(operation, .transport(error), exchange)
      }
    }
  }

  private mutating func takeLine() -> [UInt8]? {
    guard let end = pending[searched...].firstIndex(of: 0x0A) else {
      searched = pending.count
      return nil
    }
    let line = Array(pending[..<end])
    pending.removeFirst(end + 1)
    searched = 0
    return line
  }

  private mutating func event(_ line: [UInt8]) throws(DeploymentError) -> KubernetesEvent {
    guard let json = try? JSON(parsing: line), let type = json["type"]?.string, let object = json["object"] else {
      throw unreadable("an event that is none")
    }
    if type == "ERROR" {
      let status = KubernetesStatus(object) ?? KubernetesStatus(code: 500)
      if status.code == 410 { return .expired }
      throw kubernetes.failure(operation, .refused(status), exchange)
    }
    if let version = object["metadata"]?["resourceVersion"]?.text { resourceVersion = version }
    switch type {
    case "ADDED": return .added(object)
    case "MODIFIED": return .modified(object)
    case "DELETED": return .deleted(object)
    case "BOOKMARK": return .bookmark(resourceVersion)
    default: throw unreadable("an event of an unknown type")
    }
  }

  private func unreadable(_ reason: String) -> DeploymentError {
    kubernetes.failure(operation, .refused(KubernetesStatus(code: 200, message: RawText(reason))), exchange)
  }
}

extension Kubernetes {
  /// Watches a list from a version on; returns when the API has accepted it. A version that is too old is told as an
  /// event, whichever way the server says it.
  func watch(_ list: ControlList, from version: RawText, seconds: Int = 300) async throws(DeploymentError)
    -> KubernetesWatch?
  {
    let path = path(
      list,
      "watch=1&allowWatchBookmarks=true&timeoutSeconds=\(seconds)"
        + "&resourceVersion=\(URLParts.encoded(segment: version.bytes))")
    var exchange = DeploymentError.Exchange(method: "GET", path: path)
    var request = HTTPRequest("GET", base + path, headers: [("accept", "application/json")])
    request.deadline = deadline
    request.acceptsGzip = false
    // The server ends the watch by itself; a line that went dead is noticed soon after.
    request.stallTimeout = .seconds(seconds + 30)
    do {
      let stream = try await transport.stream(request)
      exchange.note(stream.head, size: 0)
      guard stream.head.status != 410 else { return nil }
      guard (200...299).contains(stream.head.status) else {
        var body: [UInt8] = []
        for try await piece in stream.body where body.count < 65_536 { body += piece }
        throw refusal(list, stream.head.status, body, try? JSON(parsing: body), exchange)
      }
      return KubernetesWatch(self, list, stream, from: version, exchange)
    } catch let error as DeploymentError {
      throw error
    } catch let error as TransportError {
      throw failure(list, .transport(error), exchange)
    } catch {
      throw failure(list, .transport(.closed), exchange)
    }
  }
}
