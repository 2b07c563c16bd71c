import Foundation
import Testing
import Transport

@Suite("TLS")
struct TLSTests {
  static let authority = TLSServer.folder + "/authority.pem"

  static var trusting: TransportConfiguration {
    var configuration = TransportConfiguration()
    configuration.authorityPath = authority
    return configuration
  }

  /// What a request to the server ends in, by a transport of its own.
  static func attempt(_ configuration: TransportConfiguration, _ url: String) async -> TransportError? {
    let transport = Transport(configuration: configuration)
    let failure = await failure(transport, HTTPRequest("GET", url))
    await transport.close()
    return failure
  }

  @Test("carries what plain http does, on a kept connection")
  func exchange() async throws {
    try await withServer(configuration: Self.trusting, tls: TLSServer()) { conversation in
      while let request = conversation.receive() {
        let packed = Gzip.compress(request.body) ?? []
        conversation.answer(headers: ["Content-Encoding: gzip"], body: packed)
      }
    } body: { server, transport in
      for turn in 0..<5 {
        let body = [UInt8](repeating: UInt8(turn), count: 300_000)
        let response = try await transport.send(HTTPRequest("POST", server.url, body: .bytes(body)))
        #expect(response.body == body)
        #expect(response.head.isConnectionReused == (turn > 0))
      }
      #expect(server.connectionCount == 1)
    }
  }

  @Test("trusts our own authority, by the name in the certificate only")
  func authority() async throws {
    let server = try ScriptedServer(tls: TLSServer(), ExchangeTests.echo)
    #expect(await Self.attempt(Self.trusting, server.url) == nil)
    let strangers = [
      await Self.attempt(TransportConfiguration(), server.url),
      await Self.attempt(Self.trusting, server.url.replacing("127.0.0.1", with: "localhost")),
    ]
    for failure in strangers {
      guard case .tlsUntrusted = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
    }
    #expect(server.requests.count == 1)
    server.stop()
  }

  @Test("holds to the pinned key")
  func pinned() async throws {
    let server = try ScriptedServer(tls: TLSServer(), ExchangeTests.echo)
    let pin = try String(contentsOfFile: TLSServer.folder + "/server.pin", encoding: .utf8)
    var configuration = Self.trusting
    configuration.pinnedPublicKeys = [
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pin.trimmingCharacters(in: .newlines),
    ]
    #expect(await Self.attempt(configuration, server.url) == nil)
    configuration.pinnedPublicKeys.removeLast()
    #expect(
      await Self.attempt(configuration, server.url)
        == .tlsUntrusted(host: "127.0.0.1", reason: "its public key is none of those pinned"))
    server.stop()
  }

  @Test("shows our certificate to a server that asks, and guards its key")
  func clientCertificate() async throws {
    let server = try ScriptedServer(tls: TLSServer(asksForCertificate: true), ExchangeTests.echo)
    #expect(await Self.attempt(Self.trusting, server.url) != nil)
    #expect(server.requests.isEmpty)
    try await withFolder { folder in
      let key = folder + "/client.key"
      try write(String(contentsOfFile: TLSServer.folder + "/client.key", encoding: .utf8), to: key)
      var configuration = Self.trusting
      configuration.clientCertificate = .init(certificatePath: TLSServer.folder + "/client.pem", keyPath: key)
      #expect(await Self.attempt(configuration, server.url) == nil)
      #expect(server.requests.count == 1)
      chmod(key, 0o644)
      #expect(
        await Self.attempt(configuration, server.url)
          == .misconfigured(reason: "others can read the key \(key); chmod 600 it"))
    }
    server.stop()
  }

  @Test("is not spoken where the other side speaks plain http, and a missing authority file is said so")
  func plain() async throws {
    let server = try ScriptedServer { $0.send("HTTP/1.1 400 Bad Request\r\n\r\n") }
    let url = server.url.replacing("http:", with: "https:")
    let failure = await Self.attempt(TransportConfiguration(), url)
    guard case .tlsFailed = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    var lost = TransportConfiguration()
    lost.authorityPath = "/nowhere/authority.pem"
    #expect(
      await Self.attempt(lost, url)
        == .misconfigured(reason: "the authorities in /nowhere/authority.pem cannot be read"))
    server.stop()
  }
}
