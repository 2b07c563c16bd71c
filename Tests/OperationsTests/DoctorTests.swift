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

  @Test("a clock that is off is said with how much, and which way") func clocks() {
    func words(_ skew: Int) -> String { Doctor.clock(skew, than: "the collector's", advice: "why").words }
    #expect(words(0) == "within 1 s of the collector's" && words(-5) == "within 5 s of the collector's")
    #expect(words(90) == "this machine's clock is 90 s ahead of the collector's")
    #expect(words(-3600) == "this machine's clock is 3600 s behind the collector's")
    #expect(Doctor.clock(6, than: "the service's", advice: "why").advice == "why")
  }
}
