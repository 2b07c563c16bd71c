import Domain
import Feedback
import Foundation
import Ledger
import Testing
import WireFixtures

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

  @Test("the analyst of a context is who its events are of: before the first the configuration's, then the stream's")
  func analyst() throws {
    let folder = NSTemporaryDirectory() + "doctor-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = Context(
      name: "lab", service: "http://127.0.0.1:9", analyst: "unix:root@vm", ledgerPath: folder + "/ledger.sqlite")
    #expect(Doctor.analyst(of: context) == "unix:root@vm")
    let ledger = try Ledger(path: context.ledgerPath)
    try CollectorAccount(
      endpoint: CollectorEndpoint(address: "https://lab"), collectorID: "c", analyst: "dan", device: "desk"
    ).keep(in: ledger, context: "lab")
    try ledger.close()
    #expect(Doctor.analyst(of: context) == "dan")
    let workspace = try Workspace(context)
    #expect(workspace.stamp().analyst == "dan")
    workspace.close()
    #expect(Doctor.analyst(of: context) == "dan")
  }

  @Test("a ledger of a later format is told as that, by what looks at it, and hides no model of a service that answers")
  func laterFormat() async throws {
    let server = try ScriptedServer(script: StubService.script { _, send in send(StubService.answer) })
    let folder = NSTemporaryDirectory() + "doctor-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer {
      server.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    let context = Context(
      name: "lab", service: server.base, analyst: "ana", ledgerPath: folder + "/ledger.sqlite")
    try Workspace(context).close()
    // SQLite keeps `user_version` in the four bytes from the 60th (sqlite.org/fileformat2.html §1.3).
    var bytes = try Data(contentsOf: URL(filePath: context.ledgerPath))
    bytes[63] = 99
    try bytes.write(to: URL(filePath: context.ledgerPath))
    let findings = Doctor.ledger(of: context).filter { $0.subject == "ledger" }
    #expect(findings.map(\.state) == [.fine, .bad], "\(findings)")
    let words = "the ledger was written by a later version of mds (format 99)"
    #expect(findings.last?.words.hasPrefix(words) == true, "\(findings)")
    let workspace = try Workspace(context)
    let listing = try await workspace.listing()
    #expect(!listing.groups.isEmpty && listing.notices.contains { $0.summary == words }, "\(listing)")
    workspace.close()
  }

  @Test("a clock that is off is said with how much, and which way") func clocks() {
    func words(_ skew: Int) -> String { Doctor.clock(skew, than: "the collector's", advice: "why").words }
    #expect(words(0) == "within 1 s of the collector's" && words(-5) == "within 5 s of the collector's")
    #expect(words(90) == "this machine's clock is 90 s ahead of the collector's")
    #expect(words(-3600) == "this machine's clock is 3600 s behind the collector's")
    #expect(Doctor.clock(6, than: "the service's", advice: "why").advice == "why")
  }
}
