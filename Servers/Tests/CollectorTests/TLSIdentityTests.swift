internal import Collector
internal import Domain
internal import Foundation
internal import Testing

@Suite("The certificate that a collector shows") struct TLSIdentityTests {
  @Test("is remarked on before it counts and after it ended, with the day, and not between") func dates() throws {
    let bench = try Bench()
    let (certificate, key) = (bench.path("c.pem"), bench.path("c.key"))
    let made = try Program.run(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
        "/CN=lab", "-keyout", key, "-out", certificate,
      ])
    try #require(made.status == 0, "\(made.errors)")
    let identity = try TLSIdentity(TLSIdentity.Files(certificate: certificate, key: key))
    #expect(identity.remark(at: .now) == nil)
    let early = try #require(identity.remark(at: Timestamp.now.advanced(bySeconds: -86_400)))
    #expect(early.contains("the certificate in \(certificate) counts only from 20"), "\(early)")
    let late = try #require(identity.remark(at: Timestamp.now.advanced(bySeconds: 3 * 86_400)))
    #expect(late.contains("the certificate in \(certificate) ended at 20"), "\(late)")
  }
}
