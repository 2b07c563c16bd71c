internal import Domain
internal import Foundation
internal import PtyTesting
internal import Testing

@testable internal import SyncProtocol

@Suite("A bundle's signature")
struct SSHSignatureTests {
  private static let message = Array("MDSB1\nnot really a bundle".utf8)

  private static func key(_ number: UInt8 = 1) throws -> DeviceKey {
    try #require(DeviceKey(seed: (0..<32).map { $0 &+ number }))
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = BundleDigest()
    digest.update(bytes)
    return digest.message
  }

  @Test("is accepted by ssh-keygen for the analyst that has the key, and not after a change of one byte")
  func acceptedByKeygen() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let key = try Self.key()
    let signature = try #require(
      key.signature(of: Self.digest(Self.message), namespace: SSHSignature.bundles))
    try folder.write(signature.text, to: "m.sig")
    try folder.write("ana@lab namespaces=\"mds-bundle\" \(key.publicKey.text)\n", to: "allowed")
    func verify(_ message: [UInt8], _ namespace: String = "mds-bundle", as analyst: String = "ana@lab") throws -> Int32
    {
      try folder.keygen(
        ["-Y", "verify", "-f", folder.path("allowed"), "-I", analyst, "-n", namespace, "-s", folder.path("m.sig")],
        input: message)
    }
    #expect(try verify(Self.message) == 0)
    for index in Self.message.indices {
      var changed = Self.message
      changed[index] ^= 1
      #expect(try verify(changed) != 0)
    }
    #expect(try verify(Self.message, "file") != 0)
    #expect(try verify(Self.message, as: "brent") != 0)
  }

  @Test("that ssh-keygen made is accepted here, with a key of its own and with the device's file")
  func madeByKeygen() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.write(String(decoding: Self.message, as: UTF8.self), to: "m")
    #expect(try folder.keygen(["-q", "-t", "ed25519", "-N", "", "-C", "ana", "-f", folder.path("key")]) == 0)
    let device = try Self.key()
    try folder.write(device.text(comment: "mds@lab"), to: "device")
    for name in ["key", "device"] {
      #expect(try folder.keygen(["-Y", "sign", "-f", folder.path(name), "-n", "mds-bundle", folder.path("m")]) == 0)
      let text = try folder.read("m.sig")
      let signature = try #require(SSHSignature(text: text))
      #expect(signature.text == text)
      #expect(signature.holds(for: Self.digest(Self.message), namespace: "mds-bundle"))
      #expect(!signature.holds(for: Self.digest(Self.message), namespace: "file"))
      #expect(!signature.holds(for: Self.digest(Self.message + [0]), namespace: "mds-bundle"))
      try folder.delete("m.sig")
    }
    let read = try #require(DeviceKey(text: try folder.read("key")))
    #expect(try folder.read("key.pub").hasPrefix(read.publicKey.text + " "))
    #expect(DeviceKey(text: device.text(comment: "mds@lab"))?.publicKey == device.publicKey)
    #expect(try folder.keygen(["-q", "-t", "ed25519", "-N", "secret", "-f", folder.path("locked")]) == 0)
    #expect(DeviceKey(text: try folder.read("locked")) == nil)
  }

  @Test("in which any bit is changed does not hold, or cannot be read")
  func flipped() throws {
    let digest = Self.digest(Self.message)
    let text = try #require(try Self.key().signature(of: digest, namespace: "mds-bundle")).text
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      for bit in 0..<7 {
        var changed = bytes
        changed[index] ^= 1 << bit
        guard let read = SSHSignature(text: String(decoding: changed, as: UTF8.self)) else { continue }
        // A line end may become another one, and the reserved field may be filled: neither is what is signed.
        #expect(
          read == SSHSignature(text: text) || !read.holds(for: digest, namespace: "mds-bundle"), "\(index) \(bit)")
      }
    }
    for length in 0..<bytes.count - 1 {
      #expect(SSHSignature(text: String(decoding: bytes[..<length], as: UTF8.self)) == nil)
    }
  }

  @Test("counts for the one analyst that allowed_signers names for its key")
  func allowedSigners() throws {
    let (ana, brent, cleo) = (try Self.key(1).publicKey, try Self.key(2).publicKey, try Self.key(3).publicKey)
    let signers = AllowedSigners(
      text: """
        # the lab
        ana@lab namespaces="mds-bundle" \(ana.text) ana's laptop

        "brent of lab" namespaces="git,mds-bundle" \(brent.text)
        cleo,dora \(cleo.text)
        """)
    #expect(signers.faults.isEmpty)
    #expect(signers.analyst(of: ana, namespace: "mds-bundle") == .analyst("ana@lab"))
    #expect(signers.analyst(of: ana, namespace: "git") == .unknown)
    #expect(signers.analyst(of: brent, namespace: "git") == .analyst("brent of lab"))
    #expect(signers.analyst(of: cleo, namespace: "mds-bundle") == .ambiguous(["cleo", "dora"]))
    #expect(signers.analyst(of: try Self.key(4).publicKey, namespace: "mds-bundle") == .unknown)
  }

  @Test(
    "does not count by a line that asks for more than is checked here",
    arguments: [
      "* KEY", "ana@* KEY", "!ana KEY", "ana cert-authority KEY", "ana valid-before=\"20200101\" KEY",
      "ana namespaces=\"mds-bundle\",valid-before=\"20200101\" KEY", "ana ssh-rsa AAAA", "ana ssh-ed25519 AAAA", "ana",
      "ana namespaces=mds-bundle KEY", "ANALYST namespaces=\"mds-bundle\" KEY", "ANALYST KEY",
    ])
  func strictLines(line: String) throws {
    let key = try Self.key().publicKey
    let signers = AllowedSigners(text: line.replacingOccurrences(of: "KEY", with: key.text))
    #expect(signers.analyst(of: key, namespace: "mds-bundle") == .unknown)
    #expect(signers.faults.map(\.number) == [1])
  }

  @Test("does not count where the name stands before the word that stands for it, and the reason says so")
  func nameBefore() throws {
    let signers = AllowedSigners(text: "ana@lab ANALYST namespaces=\"mds-bundle\" \(try Self.key().publicKey.text)")
    #expect(signers.faults.map(\.reason) == ["the name goes in the place of ANALYST, not before it"])
  }
}

/// A folder for the time of a test, and `ssh-keygen` in it.
private struct Folder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "mds-signature-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  func delete(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  /// ssh-keygen reads no key that others may read.
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
  }

  func keygen(_ arguments: [String], input: [UInt8] = []) throws -> Int32 {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
    process.arguments = arguments
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data(input))
    try pipe.fileHandleForWriting.close()
    return process.waitForEnd().status
  }
}
