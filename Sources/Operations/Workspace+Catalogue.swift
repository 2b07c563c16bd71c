internal import ConfigurationFile
internal import Deployment
internal import Domain
internal import Feedback
internal import Ledger
internal import Synchronization

/// What the researchers published of the models, as the ledger has it from the collector.
struct PublishedCatalogue: Sendable {
  var catalogue = Catalogue()
  /// Catalogues that cannot be read: the rest counts all the same.
  var problems: [Problem] = []

  init(_ ledger: Ledger, context: RawText) throws(LedgerError) {
    for item in try ledger.inForce(kind: .catalogue, context: context) {
      do throws(Mistakes) {
        catalogue.entries += try Catalogue(parsing: item.body, layer: .catalogue).entries
      } catch {
        let name = item.name.string
        problems.append(
          Problem(
            "The catalogue \(name) that the researchers published cannot be read, and does not count.",
            advice: "Tell them: `mds-collector publish catalogue` with the file mended takes its place.",
            detail: error.all.map { $0.text(in: name) }.joined(separator: "\n"), kind: .invalidInput))
      }
    }
  }
}

extension Workspace {
  /// Completes signatures with what is published now, from the next question on.
  func takePublishedCatalogue() async throws(Problem) {
    let name = contextName
    let published = try await onLedger { ledger throws(LedgerError) in
      try PublishedCatalogue(ledger, context: name)
    }
    service.take(published: published.catalogue)
    catalogueProblems.withLock { $0 = published.problems }
    knownModels.withLock { $0.forgetDescriptions() }
  }
}
