import Deployment
import Domain
import Foundation
import Glibc
import OpenInference
import Transport

/// One record after the other by our client, and the same bytes on a bare socket, turn about.
enum Inference {
  private static let turns = 1000

  /// One row of the model wine.
  static let wine = Record(tensors: [
    Tensor(
      name: "input", datatype: .fp64, shape: [1, 13],
      elements: .double([12.84, 2.62, 2.46, 21.9, 112, 1.53, 1.43, 0.24, 1.26, 10.66, 0.46, 1.46, 493]))
  ])

  static func rows(_ url: String) async throws -> [Entry] {
    let transport = Transport()
    let service = try InferenceService(base: url, transport: transport)
    let model = ModelID("wine")
    let signature = try await service.metadata(model).signature
    let socket = try BareSocket(url, body: InferenceRequest(inputs: wine.tensors).encoded().body)
    var (ours, bare) = (Times(), Times())
    for turn in 0..<turns + 100 {
      let start = ContinuousClock.now
      let answer = try await service.infer(
        model, record: wine, signature: signature, call: InferenceCall(requestID: "bench-\(turn)"))
      let middle = ContinuousClock.now
      try socket.exchange()
      guard answer.label == "class_2" else { throw Programs.Failure(description: "the wrong answer") }
      // The first hundred warm both up.
      guard turn >= 100 else { continue }
      ours.note(middle - start)
      bare.note(ContinuousClock.now - middle)
    }
    await transport.close()
    return [
      Entry(
        "inference, sequential, against a bare socket (p50)", "\(ours.median.short) ms / \(bare.median.short) ms",
        ratio: ours.median / bare.median, atMost: 1.1),
      Entry(
        "inference, sequential, beyond a bare socket (p50)", milliseconds: ours.median - bare.median, atMost: 0.3),
    ]
  }
}

/// A kept connection that sends one request again and again and reads no more of the answer than it must.
private final class BareSocket {
  private let descriptor: Int32
  private let request: [UInt8]

  init(_ url: String, body: [UInt8]) throws {
    let port = UInt16(url.split(separator: ":").last ?? "") ?? 0
    let head = """
      POST /v2/models/wine/infer HTTP/1.1\r
      Host: 127.0.0.1\r
      Content-Type: application/json\r
      Content-Length: \(body.count)\r
      \r

      """
    request = Array(head.utf8) + body
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Programs.Failure(description: "no connection to \(url)") }
  }

  deinit { close(descriptor) }

  func exchange() throws {
    _ = send(descriptor, request, request.count, 0)
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      guard count > 0 else { throw Programs.Failure(description: "the service closed the connection") }
      answer += piece[..<count]
      if isWhole(answer) { return }
    }
  }

  private func isWhole(_ answer: [UInt8]) -> Bool {
    let text = String(decoding: answer, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return false }
    let field = text[..<end.lowerBound].lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
    guard let length = field?.split(separator: " ").last.flatMap({ Int($0) }) else { return false }
    return text[end.upperBound...].utf8.count >= length
  }
}
