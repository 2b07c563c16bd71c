import Foundation
import Glibc
import PtyTesting
import Testing

/// The real mds and the real collector with TLS between them, on certificates that openssl made.
@Suite("Over TLS", .serialized)
struct TLSTests {
  /// A collector that shows whatever certificate lies there, and reads it again when it is told to.
  private final class Site {
    let scratch: Scratch
    let certificates: Certificates
    let service: RunningServer
    let collector: RunningServer
    private var reads = 0

    init(_ options: (Certificates) throws -> [String] = { _ in [] }) throws {
      scratch = try Scratch()
      certificates = try Certificates(scratch)
      try certificates.show()
      service = try RunningServer.service()
      collector = try RunningServer.collector(
        scratch.path + "/collector.sqlite",
        ["--host", "localhost", "--tls-certificate", certificates.shown, "--tls-key", certificates.key]
          + options(certificates), errors: scratch.path + "/errors")
    }

    deinit {
      collector.stop()
      service.stop()
      scratch.remove()
    }

    var database: String { scratch.path + "/collector.sqlite" }
    var complaints: String { (try? String(contentsOfFile: scratch.path + "/errors", encoding: .utf8)) ?? "" }

    /// Has the certificate read again; returns when it was, or was refused.
    func readAgain() {
      let before = complaints.count
      collector.signal(SIGHUP)
      while complaints.count == before { usleep(10_000) }
    }
  }

  @Test("a wrong authority, an expired certificate and another host's are each told; what was saved waits and arrives")
  func certificates() throws {
    let site = try Site()
    let trust = ["--ca-file", site.certificates.authority]
    #expect(site.collector.url.hasPrefix("https://localhost:"))
    let ana = try Desk("ana", site.scratch, site.service)
    let token = try ana.token(of: site.database)
    let untrusting = try ana.mds(["connect", site.collector.url, "--token-file", token])
    #expect(untrusting.status != 0 && untrusting.errors.contains("certificate"), "\(untrusting.errors)")
    try ana.connect(to: site.collector, database: site.database, trust)
    try ana.judge(1)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))

    let wrong: [(names: String, authority: String, days: Int, words: String)] = [
      ("DNS:localhost", "other", 1, "unable to get local issuer certificate"),
      ("DNS:localhost", "lab", -1, "certificate has expired"),
      ("DNS:elsewhere.example", "lab", 1, "no alternative certificate subject name matches"),
    ]
    try ana.judge(1, done: 1)
    for wrong in wrong {
      try site.certificates.show(wrong.names, signedBy: wrong.authority, days: wrong.days)
      site.readAgain()
      let refused = try ana.mds(["sync"])
      // It is tried again, but only a person can mend it.
      #expect(refused.status == 4 && refused.text.contains("4 wait"), "\(refused)")
      #expect(refused.errors.contains("the collector's certificate is not trusted"), "\(refused.errors)")
      #expect(refused.errors.contains(wrong.words), "\(refused.errors)")
      let isTold = site.complaints.contains("shown.pem ended at 20")
      #expect(isTold == (wrong.days < 0 || wrong.names.contains("elsewhere")), "\(site.complaints)")
    }
    try site.certificates.show()
    site.readAgain()
    // What is wrong on this machine is not told as an answer that did not come.
    let away = site.certificates.authority + ".away"
    try FileManager.default.moveItem(atPath: site.certificates.authority, toPath: away)
    let unasked = try ana.mds(["sync"])
    #expect(unasked.status == 4 && unasked.errors.contains("The collector cannot be asked"), "\(unasked)")
    #expect(unasked.errors.contains(site.certificates.authority), "\(unasked)")
    try FileManager.default.moveItem(atPath: away, toPath: site.certificates.authority)
    #expect(try ana.mds(["sync"]).text == "4 sent, 4 received, 0 fetched; nothing waits\n")
    let brent = try Desk("brent", site.scratch, site.service, scoring: [])
    try brent.connect(to: site.collector, database: site.database, trust + ["--pin", try site.certificates.pin()])
    #expect(try brent.mds(["sync"]).text.contains("4 fetched; nothing waits"))
  }

  @Test("a certificate that has ended is shown, and told at the start with the day") func endedAtStart() throws {
    let site = try Site { certificates in
      try certificates.show(days: -1)
      return []
    }
    #expect(site.collector.url.hasPrefix("https://"))
    #expect(site.complaints.contains("shown.pem ended at 20"), "\(site.complaints)")
    #expect(site.complaints.contains("clients will not trust it"))
  }

  @Test("a key that is not the pinned one is refused, also later, and a key file that others may read is not used")
  func pins() throws {
    let site = try Site()
    let ana = try Desk("ana", site.scratch, site.service, scoring: [])
    let token = try ana.token(of: site.database)
    let pin = ["--ca-file", site.certificates.authority, "--pin", try site.certificates.pin()]
    let words = "its public key is none of those pinned"
    try ana.connect(to: site.collector, database: site.database, pin)
    try site.certificates.show()
    site.readAgain()
    let later = try ana.mds(["sync"])
    #expect(later.text.contains("1 wait") && later.errors.contains(words), "\(later)")
    let pinned = try ana.mds(["connect", site.collector.url, "--token-file", token] + pin)
    #expect(pinned.status != 0 && pinned.errors.contains(words), "\(pinned.errors)")
    let short = try ana.mds(["connect", site.collector.url, "--token-file", token, "--pin", "aGVsbG8="])
    #expect(short.status != 0 && short.errors.contains("--pin aGVsbG8=: a pin is the SHA-256"), "\(short.errors)")

    chmod(site.certificates.key, 0o644)
    site.readAgain()
    #expect(site.complaints.contains("kept the certificate that it has"), "\(site.complaints)")
    #expect(site.complaints.contains("chmod 600"), "\(site.complaints)")
    // It still serves with what it had.
    try ana.connect(to: site.collector, database: site.database, ["--ca-file", site.certificates.authority])
    let another = try output(of: [
      Paths.collector, "serve", "--database", site.database + "2", "--tls-certificate", site.certificates.shown,
      "--tls-key", site.certificates.key,
    ])
    #expect(another.status == 1 && another.errors.contains("chmod 600"), "\(another.errors)")
  }

  @Test("a collector that asks for clients' certificates lets in those of its authority alone")
  func clientCertificates() throws {
    let site = try Site { ["--tls-client-ca", $0.authority] }
    let ana = try Desk("ana", site.scratch, site.service, scoring: [])
    let trust = ["--ca-file", site.certificates.authority]
    let token = try ana.token(of: site.database)
    let bare = try ana.mds(["connect", site.collector.url, "--token-file", token] + trust)
    #expect(bare.status != 0 && bare.errors.contains("ertificate"), "\(bare.errors)")
    let foreign = try site.certificates.issue("foreign", "DNS:foreign", signedBy: "other")
    let stranger = try ana.mds(
      ["connect", site.collector.url, "--token-file", token, "--certificate", foreign.certificate]
        + ["--key", foreign.key] + trust)
    #expect(stranger.status != 0, "\(stranger)")
    // That is nothing which passes by itself: it is not told as an outage.
    for refused in [bare, stranger] {
      #expect(refused.errors.contains("by their certificate"), "\(refused.errors)")
      #expect(!refused.errors.contains("no answer"), "\(refused.errors)")
    }
    let own = try site.certificates.issue("ana", "DNS:ana")
    try ana.connect(
      to: site.collector, database: site.database,
      trust + ["--certificate", own.certificate, "--key", own.key])
    let synced = try ana.mds(["sync"])
    #expect(synced.text.hasSuffix("nothing waits\n"), "\(synced)")
  }

  @Test("a client that speaks nothing newer than TLS 1.1 is refused") func oldProtocol() throws {
    let site = try Site()
    let port = try #require(site.collector.url.split(separator: ":").last)
    func said(_ version: String) throws -> String {
      let run = try output(of: [
        "/usr/bin/openssl", "s_client", "-connect", "localhost:\(port)", version, "-cipher", "DEFAULT:@SECLEVEL=0",
      ])
      return run.text + run.errors
    }
    #expect(try said("-tls1_1").contains("protocol version"))
    #expect(try said("-tls1_2").contains("Protocol  : TLSv1.2"))
  }
}
