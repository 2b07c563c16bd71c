import Domain
import Foundation
import Testing

@testable import Operations

@Suite("What mds doctor says of servers")
struct DoctorTests {
  @Test("where no service answers it names what to look at, and does not send to itself")
  func unreachable() async throws {
    let folder = NSTemporaryDirectory() + "doctor-" + UUID().uuidString
    let context = Context(
      name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: folder + "/ledger.sqlite")
    let found = try #require(await Doctor.service(of: context).first { $0.subject == "service" && $0.state == .bad })
    for word in ["started", "port", "VPN", "--service"] { #expect(found.advice.contains(word), "\(found.advice)") }
    #expect(!found.advice.contains("mds doctor") && !found.advice.contains("screen"))
  }
}
