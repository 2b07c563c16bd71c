import Domain
import Feedback
import Foundation
import Ledger
import Testing

@testable import Operations

@Suite("A catalogue that researchers publish")
struct PublishedCatalogueTests {
  @Test("and that cannot be read does not count, is told, and takes nothing else with it")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-catalogue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let ledger = try Ledger(path: folder.appending(path: "ledger.sqlite").path)
    let moment = Timestamp(microseconds: 1_795_435_445_000_000)
    let bodies: [RawText: String] = ["lab": "[models.wine]\ntask_question = \"Which?\"", "site": "[models.wine"]
    try ledger.putInbox(
      bodies.map { name, body in
        InboxItem(
          id: name, kind: InboxKind.catalogue.text, name: name, body: Array(body.utf8), publishedAt: moment,
          receivedAt: moment)
      }, context: "desk")
    let published = try PublishedCatalogue(ledger, context: "desk")
    try ledger.close()
    #expect(published.catalogue.entries.map(\.name) == ["wine"])
    #expect(
      published.problems.map(\.summary) == [
        "The catalogue site that the researchers published cannot be read, and does not count."
      ])
  }
}
