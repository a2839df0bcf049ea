import type { Finding } from './finding.ts'

/** What one trouble makes others look like: a cause that fits `by` explains a finding that fits `symptom`. */
interface Explanation {
  symptom: RegExp
  by: RegExp
}

/** Causes under which nothing that stands on them can work. */
const below =
  /PostgreSQL|Redis|database|Kafka|kafka-\d|topics are|redis-\d|postgres |sidecar|daprd-|disk of|stands still|does not run|ends again|is removed/

/** Causes under which a process that needs an engine ends: all of it is away, or it is led elsewhere. */
const away =
  /^PostgreSQL|connections of PostgreSQL|^postgres |Redis (asks|takes)|nothing is published|files of the sidecars|with other settings/

const explanations: readonly Explanation[] = [
  { symptom: /^not read: /, by: /./ },
  { symptom: /^the platform cannot tell its troubles/, by: /./ },
  { symptom: /^the platform runs but is not ready/, by: below },
  { symptom: /^a broker does not keep up/, by: /kafka-\d|Kafka|the disk of/ },
  { symptom: /Kafka brokers are down/, by: /the data of kafka-\d|kafka-\d (ends again|stands)|the disk of/ },
  { symptom: /Redis nodes are down/, by: /redis-\d (ends again|stands)|Redis asks|Redis takes|the disk of/ },
  { symptom: /^the agent \S+ does not (read all events|keep up)/, by: below },
  { symptom: /^the state differs/, by: /redis-\d (ends again|stands)|Redis|the disk of redis/ },
  { symptom: /^requests wait longer/, by: below },
  { symptom: /^events are not published/, by: below },
  { symptom: /lanes? stands? still/, by: below },
  { symptom: /accepted requests? (is|are) in no inbox/, by: below },
  { symptom: /^the sidecar of \S+ is down|\S+ does not run|is unsteady/, by: away },
]
/** A process that names a reason of its own in its log is no symptom. */
const ownReason = /its log: (?!DEPENDENCY_DOWN)[A-Z_]{5,}:/

/**
 * Separates causes from what is seen only because of them: a finding is a symptom when another finding explains it that
 * is none itself.
 */
export function withoutSymptoms(findings: readonly Finding[]): { causes: Finding[]; symptoms: Finding[] } {
  const explains = (other: Finding, finding: Finding): boolean =>
    other !== finding &&
    !ownReason.test(finding.evidence) &&
    explanations.some(({ symptom, by }) => symptom.test(finding.cause) && by.test(other.cause))
  const isSymptom = (finding: Finding): boolean => findings.some(other => explains(other, finding))
  // Two findings that explain each other are both causes.
  const symptoms = findings.filter(
    finding => isSymptom(finding) && findings.some(other => explains(other, finding) && !explains(finding, other)),
  )
  return { causes: findings.filter(finding => !symptoms.includes(finding)), symptoms }
}
