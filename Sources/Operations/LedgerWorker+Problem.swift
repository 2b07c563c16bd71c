internal import Domain
internal import Ledger

extension LedgerWorker {
  /// Runs work, and says what failed as a person reads it.
  func attempt<Result: Sendable>(
    _ body: @escaping @Sendable (Ledger) throws(LedgerError) -> Result
  ) async throws(Problem) -> Result {
    do throws(LedgerError) {
      return try await run(body)
    } catch {
      throw error.problem
    }
  }
}
