import Domain
import Foundation
import Glibc
import Synchronization

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

  private struct State {
    var connections: [Int32] = []
    var bodies: [[UInt8]] = []
    var isClosed = false
  }

  let port: Int
  private let listener: Int32
  /// By the number of the request, from 1, and its rows.
  private let reply: @Sendable (Int, [[Double]]) -> Reply
  private let isListed: Bool
  private let state = Mutex(State())
  private let arrivals = NSCondition()
  private let threads = DispatchGroup()

  init(isListed: Bool = true, reply: @escaping @Sendable (Int, [[Double]]) -> Reply = { _, _ in .answer }) throws {
    self.reply = reply
    self.isListed = isListed
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        bind(descriptor, plain, length) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, plain, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    thread { server in
      while true {
        let connection = accept(server.listener, nil, nil)
        guard connection >= 0 else { return }
        server.state.withLock { $0.connections.append(connection) }
        server.thread { $0.serve(connection) }
      }
    }
  }

  var base: String { "http://127.0.0.1:\(port)" }

  /// What the model was asked, as it came.
  var bodies: [[UInt8]] { state.withLock { $0.bodies } }

  /// The first number of every row that the model was asked about.
  var rows: [Double] { bodies.flatMap { RowService.rows(of: $0).map { $0[0] } } }

  private func thread(_ body: @escaping @Sendable (RowService) -> Void) {
    threads.enter()
    Thread {
      body(self)
      self.threads.leave()
    }.start()
  }

  private func serve(_ connection: Int32) {
    var buffer = Data()
    while let (line, body) = read(connection, &buffer) {
      let bytes = Array(answer(line, body).utf8)
      guard bytes.withUnsafeBytes({ send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) == bytes.count
      else { break }
    }
    state.withLock { state in
      state.connections.removeAll { $0 == connection }
      _ = Glibc.close(connection)
    }
  }

  private func read(_ connection: Int32, _ buffer: inout Data) -> (line: String, body: [UInt8])? {
    while true {
      if let end = buffer.range(of: Data("\r\n\r\n".utf8)) {
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let field = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        if buffer.count - end.upperBound >= length {
          let body = Array(buffer[end.upperBound..<end.upperBound + length])
          buffer = Data(buffer[(end.upperBound + length)...])
          return (lines[0], body)
        }
      }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = Glibc.read(connection, &chunk, chunk.count)
      guard count > 0 else { return nil }
      buffer += chunk[..<count]
    }
  }

  private static func rows(of body: [UInt8]) -> [[Double]] {
    let numbers = (try? JSON(parsing: body))?["inputs"]?[0]?["data"]?.numbers ?? []
    return stride(from: 0, to: numbers.count - 1, by: 2).map { Array(numbers[$0..<$0 + 2]) }
  }

  private func answer(_ line: String, _ body: [UInt8]) -> String {
    if line.contains("/infer") { return infer(body) }
    guard isListed else { return RowService.response("", status: 404) }
    if line.contains("/repository/index") {
      return RowService.response(#"[{"name":"m","version":"1","state":"READY"}]"#)
    }
    let shape = #""datatype":"FP64","shape":[-1,"#
    return RowService.response(
      #"{"name":"m","versions":["1"],"platform":"p","inputs":[{"name":"x",\#(shape)2]}],"#
        + #""outputs":[{"name":"y",\#(shape)1]}]}"#)
  }

  private func infer(_ body: [UInt8]) -> String {
    let rows = RowService.rows(of: body)
    let number = state.withLock { state in
      state.bodies.append(body)
      return state.bodies.count
    }
    arrivals.lock()
    arrivals.broadcast()
    arrivals.unlock()
    switch reply(number, rows) {
    case .refuse(let status, let words, let headers):
      return RowService.response("{\"error\":\"\(words)\"}", status: status, headers: headers)
    case .answerAfter(let count):
      arrivals.lock()
      while bodies.count < count, !state.withLock({ $0.isClosed }) { arrivals.wait() }
      arrivals.unlock()
    case .answer: break
    }
    let sums = rows.map { "\($0[0] + $0[1])" }.joined(separator: ",")
    return RowService.response(
      #"{"model_name":"m","model_version":"1","outputs":[{"name":"y","datatype":"FP64","#
        + #""shape":[\#(rows.count),1],"data":[\#(sums)]}]}"#)
  }

  /// Lets go of whoever waits for requests that do not come.
  func release() {
    state.withLock { $0.isClosed = true }
    arrivals.lock()
    arrivals.broadcast()
    arrivals.unlock()
  }

  /// Hangs up on everyone and waits for the threads.
  func close() {
    release()
    state.withLock { state in
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
    threads.wait()
    Glibc.close(listener)
  }

  private static func response(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> String {
    let fields = headers.map { "\($0.key): \($0.value)\r\n" }.sorted().joined()
    return "HTTP/1.1 \(status) X\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n"
      + "\(fields)\r\n\(body)"
  }
}
