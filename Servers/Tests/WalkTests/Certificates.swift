import Foundation
import Glibc
import Testing

/// A laboratory's certificate authority, made by openssl for the time of a test.
struct Certificates {
  let scratch: Scratch

  /// The PEM file of an authority that clients are told to trust.
  var authority: String { "\(scratch.path)/lab.pem" }

  /// What the server is told to show, and with which key.
  var shown: String { "\(scratch.path)/shown.pem" }
  var key: String { "\(scratch.path)/shown.key" }

  init(_ scratch: Scratch) throws {
    self.scratch = scratch
    for name in ["lab", "other"] {
      try openssl(
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
          + ["-subj", "/CN=\(name)", "-keyout", "\(scratch.path)/\(name).key", "-out", "\(scratch.path)/\(name).pem"])
    }
  }

  /// Makes a certificate, and puts it where the server finds it.
  func show(_ names: String = "DNS:localhost,IP:127.0.0.1", signedBy authority: String = "lab", days: Int = 1) throws {
    let made = try issue("server", names, signedBy: authority, days: days)
    for (from, to) in [(made.key, key), (made.certificate, shown)] {
      try Data(contentsOf: URL(fileURLWithPath: from)).write(to: URL(fileURLWithPath: to))
      chmod(to, 0o600)
    }
  }

  /// Makes a certificate under this name, also one that ended `-days` days ago.
  func issue(
    _ name: String, _ names: String, signedBy authority: String = "lab", days: Int = 1
  ) throws -> (certificate: String, key: String) {
    let path = "\(scratch.path)/\(name)"
    try Data("subjectAltName=\(names)\n".utf8).write(to: URL(fileURLWithPath: path + ".ext"))
    try openssl(
      ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)"]
        + ["-keyout", path + ".key", "-out", path + ".csr"])
    try openssl(
      ["x509", "-req", "-in", path + ".csr", "-CA", "\(scratch.path)/\(authority).pem", "-CAcreateserial"]
        + ["-CAkey", "\(scratch.path)/\(authority).key", "-days", "\(days)", "-extfile", path + ".ext"]
        + ["-out", path + ".pem"])
    chmod(path + ".key", 0o600)
    return (path + ".pem", path + ".key")
  }

  /// The SHA-256 of the shown certificate's public key in base64, as a pin has it.
  func pin() throws -> String {
    let (pem, der) = ("\(scratch.path)/public.pem", "\(scratch.path)/public.der")
    try openssl(["x509", "-in", shown, "-pubkey", "-noout", "-out", pem])
    try openssl(["pkey", "-pubin", "-in", pem, "-outform", "DER", "-out", der])
    try openssl(["dgst", "-sha256", "-binary", "-out", der + ".sha256", der])
    return try Data(contentsOf: URL(fileURLWithPath: der + ".sha256")).base64EncodedString()
  }

  @discardableResult
  func openssl(_ words: [String]) throws -> String {
    let run = try output(of: ["/usr/bin/openssl"] + words)
    try #require(run.status == 0, "\(run.errors)")
    return run.text
  }
}
