internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
internal import Workbench

extension Workspace {
  /// The newest cases of this context that a query means; what of it could not be read is a problem. It waits for nothing
  /// that is saved: what is hidden is for the screen to leave out, which knows it.
  func matches(of query: SearchQuery, limit: Int = 500) async throws(Problem) -> SearchResults {
    try refuse(query)
    do throws(LedgerError) {
      return try await worker.search(query, context: contextName, limit: limit)
    } catch {
      throw error.problem
    }
  }

  /// The same for a command: what waits for a blind answer is found by its record alone, and its answer is not told.
  public func search(_ query: SearchQuery, limit: Int) async throws(Problem) -> SearchResults {
    var results = try await matches(of: query, limit: limit)
    let blind = try await blindCases()
    results.hits = results.hits.compactMap { hit in
      guard blind.contains(hit.id) else { return hit }
      guard !query.tellsAnswer(of: hit) else { return nil }
      var hit = hit
      (hit.label, hit.probability, hit.isOutlier) = ("hidden", nil, false)
      return hit
    }
    return results
  }

  func refuse(_ query: SearchQuery) throws(Problem) {
    guard let fault = query.faults.first else { return }
    let forms = SearchQuery.filters.map { "\($0.name) \($0.takes)" }.joined(separator: "; ")
    throw Problem(fault, advice: "Words, \"a phrase\", and \(forms).", kind: .invalidInput)
  }

  /// A case as it is shown beside what was found: its record and all that is said of it.
  func found(_ id: ShortHash) async throws(Problem) -> SearchScreen.Found {
    let kept = try await onLedger { ledger throws(LedgerError) in
      KeptCase(case: try ledger.case(id), standing: try ledger.standing(of: id))
    }
    guard let current = kept.case else { throw Problem("The case is not in this ledger") }
    let said = kept.standing.sorted { $0.at > $1.at }.map { standing in
      SearchScreen.Said(
        at: standing.at, analyst: standing.analyst, kind: standing.statement.kind.text,
        words: RawText(Self.said(standing.statement)))
    }
    return SearchScreen.Found(case: current, signature: knownSignature(of: current.model), said: said)
  }

  static func said(_ statement: Statement) -> String {
    guard case .judgement(let body) = statement else { return statement.words }
    let confidence = body.judgement.confidence.map { "confidence \($0)/5" }
    let parts = [statement.words, confidence] + body.judgement.reasons.map(\.string) + [body.judgement.note.string]
    return parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "   ")
  }
}

private struct KeptCase: Sendable {
  var `case`: Case?
  var standing: [Standing]
}
