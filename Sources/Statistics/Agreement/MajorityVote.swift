/// What several analysts' answers say of one case.
public enum MajorityVote {
  /// The answer given more often than any other; nil for none and for a tie, which is no truth and no coin flip.
  public static func winner<Label: Hashable>(_ answers: some Sequence<Label>) -> Label? {
    var counts: [Label: Int] = [:]
    for answer in answers { counts[answer, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    let leaders = counts.filter { $0.value == most }
    return leaders.count == 1 ? leaders.first?.key : nil
  }
}
