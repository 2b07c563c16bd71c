import Foundation
import Testing
import Transport

@Suite("TLS")
struct TLSTests {
  @Test("trusts our own authority, and nobody else's")
  func authority() async throws {
    try await withFolder { folder in
      try Self.makeCertificates(in: folder)
      try await Self.withTLSServer(folder) { port in
        var configuration = TransportConfiguration()
        configuration.authorityPath = folder + "/ca.pem"
        let trusting = Transport(configuration: configuration)
        let response = try await trusting.send(HTTPRequest("GET", "https://127.0.0.1:\(port)/"))
        #expect(response.status == 200)
        await trusting.close()

        let unknowing = Transport()
        let error = await #expect(throws: TransportError.self) {
          try await unknowing.send(HTTPRequest("GET", "https://127.0.0.1:\(port)/"))
        }
        guard case .tlsUntrusted(host: "127.0.0.1", _) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        await unknowing.close()

        // The same server by a name that its certificate does not have.
        let misled = Transport(configuration: configuration)
        await #expect(throws: TransportError.self) {
          try await misled.send(HTTPRequest("GET", "https://localhost:\(port)/"))
        }
        await misled.close()
      }
    }
  }

  @Test("holds to the pinned key")
  func pinned() async throws {
    try await withFolder { folder in
      try Self.makeCertificates(in: folder)
      let pin = try Self.run(
        "openssl x509 -in server.pem -pubkey -noout | openssl pkey -pubin -outform der "
          + "| openssl dgst -sha256 -binary | base64", in: folder)
      try await Self.withTLSServer(folder) { port in
        var configuration = TransportConfiguration()
        configuration.authorityPath = folder + "/ca.pem"
        configuration.pinnedPublicKeys = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pin]
        let pinned = Transport(configuration: configuration)
        let answer = try await status(pinned, HTTPRequest("GET", "https://127.0.0.1:\(port)/"))
        #expect(answer == 200)
        await pinned.close()
        configuration.pinnedPublicKeys.removeLast()
        let other = Transport(configuration: configuration)
        let failure = TransportError.tlsUntrusted(
          host: "127.0.0.1", reason: "its public key is none of those pinned")
        await #expect(throws: failure) { try await other.send(HTTPRequest("GET", "https://127.0.0.1:\(port)/")) }
        await other.close()
      }
    }
  }

  @Test("shows our certificate to a server that asks, and guards its key")
  func clientCertificate() async throws {
    try await withFolder { folder in
      try Self.makeCertificates(in: folder)
      try await Self.withTLSServer(folder, extra: ["-Verify", "1", "-verify_return_error", "-CAfile", "ca.pem"]) {
        port in
        var configuration = TransportConfiguration()
        configuration.authorityPath = folder + "/ca.pem"
        let nobody = Transport(configuration: configuration)
        await #expect(throws: TransportError.self) {
          try await nobody.send(HTTPRequest("GET", "https://127.0.0.1:\(port)/"))
        }
        await nobody.close()

        configuration.clientCertificate = .init(
          certificatePath: folder + "/client.pem", keyPath: folder + "/client.key")
        let known = Transport(configuration: configuration)
        let answer = try await status(known, HTTPRequest("GET", "https://127.0.0.1:\(port)/"))
        #expect(answer == 200)
        await known.close()

        chmod(folder + "/client.key", 0o644)
        let careless = Transport(configuration: configuration)
        let reason = "others can read the key \(folder)/client.key; chmod 600 it"
        await #expect(throws: TransportError.misconfigured(reason: reason)) {
          try await careless.send(HTTPRequest("GET", "https://127.0.0.1:\(port)/"))
        }
        await careless.close()
      }
    }
  }

  @Test("is not spoken where the other side speaks plain http, and a missing authority file is said so")
  func plain() async throws {
    try await withServer(script: { $0.send("HTTP/1.1 400 Bad Request\r\n\r\n") }) { server, transport in
      let error = await #expect(throws: TransportError.self) {
        try await transport.send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
      }
      guard case .tlsFailed = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      var configuration = TransportConfiguration()
      configuration.authorityPath = "/nowhere/ca.pem"
      let lost = Transport(configuration: configuration)
      await #expect(throws: TransportError.misconfigured(reason: "the authorities in /nowhere/ca.pem cannot be read")) {
        try await lost.send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
      }
      await lost.close()
    }
  }

  /// An authority, and a server (for 127.0.0.1 only) and a client that it vouches for.
  static func makeCertificates(in folder: String) throws {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    try run("openssl req -x509 \(key) -keyout ca.key -out ca.pem -days 2 -subj /CN=authority", in: folder)
    for (name, extra) in [("server", "subjectAltName=IP:127.0.0.1"), ("client", "extendedKeyUsage=clientAuth")] {
      try run("openssl req \(key) -keyout \(name).key -out \(name).csr -subj /CN=\(name)", in: folder)
      try run(
        "printf '\(extra)' > \(name).ext; openssl x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial "
          + "-out \(name).pem -days 2 -extfile \(name).ext", in: folder)
      chmod(folder + "/\(name).key", 0o600)
    }
  }

  @discardableResult
  static func run(_ command: String, in folder: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command)")
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs `body` beside `openssl s_server`, on a port that the system chose.
  static func withTLSServer(_ folder: String, extra: [String] = [], body: (Int) async throws -> Void) async throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments =
      ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "server.pem", "-key", "server.key"] + extra
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = Pipe()
    try process.run()
    defer {
      // A child of a task's thread has SIGTERM blocked, as that thread has.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    var said = ""
    while !said.contains("ACCEPT 127.0.0.1:") || !said.hasSuffix("\n") {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "openssl s_server ended: \(said)")
      said += String(decoding: more, as: UTF8.self)
    }
    let port = try #require(said.split(separator: ":").last.flatMap { Int($0.trimmingCharacters(in: .newlines)) })
    try await body(port)
  }
}
