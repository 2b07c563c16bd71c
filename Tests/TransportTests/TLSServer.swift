import CTestTLS
import Foundation

/// What a scripted server needs to speak TLS: the certificates of `fixtures/tls`.
///
/// `@unchecked Sendable` is sound: OpenSSL's context may be used by many threads, and nothing changes it once it is made.
final class TLSServer: @unchecked Sendable {
  struct Unusable: Error {}

  static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/fixtures/tls"
  }()

  private let context: UnsafeMutableRawPointer

  /// A server that asks its clients for a certificate, where it should.
  init(asksForCertificate: Bool = false) throws {
    let folder = Self.folder
    let authority = asksForCertificate ? folder + "/authority.pem" : nil
    guard let context = mds_tls_server(folder + "/server.pem", folder + "/server.key", authority) else {
      throw Unusable()
    }
    self.context = context
  }

  deinit { mds_tls_server_free(context) }

  /// Agrees with the client at the other end of a connection; nil where that fails.
  func accept(_ connection: Int32) -> Session? { mds_tls_accept(context, connection).map { Session($0) } }

  /// One agreed connection, used by the thread of its conversation.
  final class Session {
    private let pointer: UnsafeMutableRawPointer

    init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

    deinit { mds_tls_end(pointer) }

    func read(_ bytes: inout [UInt8]) -> Int { Int(mds_tls_read(pointer, &bytes, Int32(bytes.count))) }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
      Int(mds_tls_write(pointer, bytes.baseAddress, Int32(min(bytes.count, 1 << 20))))
    }
  }
}
