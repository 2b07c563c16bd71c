internal import Domain
internal import Feedback

/// Walks the audit's chain, and gathers what it says that other tables hold.
struct AuditWalk {
  let database: CollectorDatabase

  /// Digests of rows, as the audit has them.
  struct Records {
    /// By a publication's identity.
    var publications: [String: String] = [:]
    /// By a token's number.
    var tokens: [Int: String] = [:]
  }

  func run(_ report: inout Verification.Report) -> Records {
    var records = Records()
    var last: (number: Int64, hash: Hash) = (0, .zero)
    do {
      try AuditBook(database).forEach { entry in
        report.auditEntries += 1
        guard entry.number == last.number + 1 else {
          throw Broken(reason: "it is missing, the next is #\(entry.number)")
        }
        guard entry.prev == last.hash else { throw Broken(reason: "it does not go on from the entry before") }
        guard entry.hash == entry.computed else { throw Broken(reason: "its hash is not that of what it says") }
        last = (entry.number, entry.hash)
        note(entry, in: &records)
      }
    } catch {
      report.faults.append(
        Verification.Fault(
          place: "audit", number: Int(last.number) + 1,
          reason: (error as? Broken)?.reason ?? "it cannot be read: \(error)"))
    }
    return records
  }

  private struct Broken: Error {
    var reason: String
  }

  private func note(_ entry: AuditEntry, in records: inout Records) {
    guard let digest = (try? JSON(parsing: entry.detail))?["digest"]?.string else { return }
    let words = entry.object.split(separator: " ")
    guard words.count > 1 else { return }
    switch AuditBook.Action(rawValue: entry.action) {
    case .publish, .withdraw: records.publications[String(words[1])] = digest
    case .createToken: if let number = Int(words[1]) { records.tokens[number] = digest }
    default: break
    }
  }
}
