/**
 * Elements that change the meaning of what they stand in (`isModifier`), in FHIR's other releases. An extension for one of
 * them is a modifier extension. Source: FHIR DSTU2 1.0.2, STU3 3.0.2, R4B 4.3.0, R5 5.0.0.
 */
const modifiers: Readonly<Record<string, ReadonlySet<string>>> = {
  '1.0': paths(`
    Account.status Address.use AllergyIntolerance.status Appointment.status AppointmentResponse.participantStatus
    Basic.code CarePlan.status CarePlan.activity.detail.status CarePlan.activity.detail.prohibited
    ClinicalImpression.status Communication.status CommunicationRequest.status Composition.status
    Composition.confidentiality Composition.section.mode ConceptMap.status ConceptMap.element.target.equivalence
    Condition.clinicalStatus Condition.verificationStatus Conformance.status ContactPoint.use Coverage.subscriber
    DataElement.status Device.status DeviceUseRequest.status DiagnosticOrder.status DiagnosticReport.status
    DocumentManifest.status DocumentReference.status DocumentReference.relatesTo Encounter.status
    EpisodeOfCare.status FamilyMemberHistory.status Flag.status Goal.status Group.characteristic.exclude
    HumanName.use Identifier.use Immunization.status Immunization.wasNotGiven ImplementationGuide.status List.status
    List.mode List.entry.deleted Location.status Location.mode MedicationAdministration.status
    MedicationAdministration.wasNotGiven MedicationDispense.status MedicationOrder.status MedicationStatement.status
    MedicationStatement.wasNotTaken MessageHeader.event MessageHeader.response MessageHeader.response.code
    NamingSystem.status NutritionOrder.status Observation.status OperationDefinition.status
    OperationOutcome.issue.severity OrderResponse.orderStatus Organization.active Patient.active Patient.deceased
    Patient.animal Patient.link Patient.link.other Patient.link.type Person.active Procedure.status
    Procedure.notPerformed ProcedureRequest.status Quantity.comparator Questionnaire.status
    QuestionnaireResponse.status ReferralRequest.status SearchParameter.status Specimen.status
    StructureDefinition.status Subscription.status SupplyDelivery.status SupplyRequest.status TestScript.status
    ValueSet.status`),
  '3.0': paths(`
    Account.status Address.use AllergyIntolerance.clinicalStatus AllergyIntolerance.verificationStatus
    Appointment.status AppointmentResponse.participantStatus Basic.code BodySite.active CarePlan.status
    CarePlan.intent CarePlan.activity.detail.status CarePlan.activity.detail.prohibited CareTeam.status
    ChargeItem.status Claim.status ClaimResponse.status ClinicalImpression.status Communication.status
    Communication.notDone CommunicationRequest.status Composition.status Composition.confidentiality
    Composition.section.mode ConceptMap.group.element.target.equivalence Condition.clinicalStatus
    Condition.verificationStatus Consent.status ContactPoint.use Contract.status Coverage.status
    DetectedIssue.status Device.status DeviceRequest.status DeviceRequest.intent DeviceUseStatement.status
    DiagnosticReport.status DocumentManifest.status DocumentReference.status DocumentReference.relatesTo
    EligibilityRequest.status EligibilityResponse.status Encounter.status Endpoint.status EnrollmentRequest.status
    EnrollmentResponse.status EpisodeOfCare.status ExplanationOfBenefit.status FamilyMemberHistory.status
    FamilyMemberHistory.notDone FamilyMemberHistory.estimatedAge Flag.status Goal.status
    Group.characteristic.exclude GuidanceResponse.status HealthcareService.active HumanName.use Identifier.use
    Immunization.status Immunization.notGiven List.status List.mode List.entry.deleted Location.status Location.mode
    MeasureReport.status MedicationAdministration.status MedicationAdministration.notGiven MedicationDispense.status
    MedicationRequest.status MedicationRequest.intent MedicationRequest.substitution.allowed
    MedicationStatement.status MedicationStatement.taken NutritionOrder.status Observation.status
    OperationOutcome.issue.severity Organization.active Patient.active Patient.deceased Patient.animal Patient.link
    PaymentNotice.status PaymentReconciliation.status Person.active Procedure.status Procedure.notDone
    ProcedureRequest.status ProcedureRequest.intent ProcedureRequest.doNotPerform ProcessRequest.status
    ProcessResponse.status Quantity.comparator Questionnaire.item.enableWhen QuestionnaireResponse.status
    ReferralRequest.status ReferralRequest.intent RelatedPerson.active RequestGroup.status RequestGroup.intent
    ResearchStudy.status ResearchSubject.status Schedule.active Specimen.status Subscription.status
    SupplyDelivery.status SupplyRequest.status TestReport.status ValueSet.compose.include.filter
    ValueSet.compose.exclude.filter VisionPrescription.status`),
  '4.3': paths(`
    Account.status ActivityDefinition.status ActivityDefinition.doNotPerform Address.use
    AdministrableProductDefinition.status AdverseEvent.actuality AllergyIntolerance.clinicalStatus
    AllergyIntolerance.verificationStatus Appointment.status AppointmentResponse.participantStatus Basic.code
    BodyStructure.active CapabilityStatement.status CarePlan.status CarePlan.intent CarePlan.activity.detail.status
    CarePlan.activity.detail.doNotPerform CareTeam.status ChargeItem.status ChargeItemDefinition.status
    Citation.status Claim.status ClaimResponse.status ClinicalImpression.status CodeSystem.status
    Communication.status CommunicationRequest.status CommunicationRequest.doNotPerform CompartmentDefinition.status
    Composition.status ConceptMap.status ConceptMap.group.element.target.equivalence Condition.clinicalStatus
    Condition.verificationStatus Consent.status Consent.scope ContactPoint.use Contract.status
    Contract.term.action.doNotPerform Coverage.status CoverageEligibilityRequest.status
    CoverageEligibilityResponse.status DetectedIssue.status Device.status DeviceRequest.status DeviceRequest.intent
    DeviceUseStatement.status DiagnosticReport.status DocumentManifest.status DocumentReference.status
    Encounter.status Endpoint.status EnrollmentRequest.status EnrollmentResponse.status EpisodeOfCare.status
    EventDefinition.status Evidence.status EvidenceReport.status EvidenceVariable.status ExampleScenario.status
    ExplanationOfBenefit.status FamilyMemberHistory.status Flag.status Goal.lifecycleStatus GraphDefinition.status
    GuidanceResponse.status HealthcareService.active HumanName.use Identifier.use ImagingStudy.status
    Immunization.status Immunization.isSubpotent ImmunizationEvaluation.status
    ImmunizationRecommendation.recommendation.forecastStatus ImplementationGuide.status Ingredient.status
    InsurancePlan.status Invoice.status Library.status List.status List.mode List.entry.deleted Location.status
    ManufacturedItemDefinition.status Measure.status MeasureReport.status MeasureReport.improvementNotation
    Media.status Medication.status MedicationAdministration.status MedicationDispense.status
    MedicationKnowledge.status MedicationRequest.status MedicationRequest.intent MedicationRequest.doNotPerform
    MedicationStatement.status MedicinalProductDefinition.status MessageDefinition.status NamingSystem.status
    NutritionOrder.status NutritionOrder.intent NutritionProduct.status Observation.status
    OperationDefinition.status Organization.active PackagedProductDefinition.status Patient.active Patient.deceased
    Patient.link PaymentNotice.status PaymentReconciliation.status Person.active PlanDefinition.status
    Procedure.status Quantity.comparator Questionnaire.status Questionnaire.item.enableWhen
    QuestionnaireResponse.status RelatedPerson.active RequestGroup.status RequestGroup.intent
    ResearchDefinition.status ResearchElementDefinition.status ResearchStudy.status ResearchSubject.status
    Schedule.active SearchParameter.status ServiceRequest.status ServiceRequest.intent ServiceRequest.doNotPerform
    Specimen.status StructureDefinition.status StructureMap.status SubscriptionStatus.type SubscriptionTopic.status
    SubscriptionTopic.experimental Substance.status SupplyDelivery.status SupplyRequest.status Task.status
    TerminologyCapabilities.status TestReport.status TestScript.status ValueSet.status VisionPrescription.status`),
  '5.0': paths(`
    Account.status ActivityDefinition.status ActivityDefinition.doNotPerform ActorDefinition.status Address.use
    AdministrableProductDefinition.status AdverseEvent.status AdverseEvent.actuality
    AllergyIntolerance.clinicalStatus AllergyIntolerance.verificationStatus Appointment.status
    AppointmentResponse.participantStatus Basic.code BodyStructure.active CapabilityStatement.status CarePlan.status
    CarePlan.intent CareTeam.status ChargeItem.status ChargeItemDefinition.status Citation.status Claim.status
    ClaimResponse.status ClinicalImpression.status CodeSystem.status Communication.status
    CommunicationRequest.status CommunicationRequest.intent CommunicationRequest.doNotPerform
    CompartmentDefinition.status Composition.status ConceptMap.status ConceptMap.group.element.target.relationship
    ConceptMap.group.unmapped.relationship Condition.clinicalStatus Condition.verificationStatus
    ConditionDefinition.status Consent.status Consent.decision ContactPoint.use Contract.status
    Contract.term.action.doNotPerform Coverage.status CoverageEligibilityRequest.status
    CoverageEligibilityResponse.status DetectedIssue.status Device.status Device.name.display DeviceDispense.status
    DeviceRequest.status DeviceRequest.intent DeviceRequest.doNotPerform DeviceUsage.status DiagnosticReport.status
    DocumentReference.status Encounter.status EncounterHistory.status Endpoint.status EnrollmentRequest.status
    EnrollmentResponse.status EpisodeOfCare.status EventDefinition.status Evidence.status EvidenceReport.status
    EvidenceVariable.status ExampleScenario.status ExplanationOfBenefit.status FamilyMemberHistory.status
    Flag.status FormularyItem.status GenomicStudy.status Goal.lifecycleStatus GraphDefinition.status Group.active
    GuidanceResponse.status HealthcareService.active HumanName.use Identifier.use ImagingSelection.status
    ImagingStudy.status Immunization.status Immunization.isSubpotent ImmunizationEvaluation.status
    ImmunizationRecommendation.recommendation.forecastStatus ImplementationGuide.status Ingredient.status
    InsurancePlan.status InventoryReport.status InventoryReport.countType Invoice.status Library.status List.status
    List.mode List.entry.deleted Location.status ManufacturedItemDefinition.status Measure.status
    MeasureReport.status MeasureReport.dataUpdateType MeasureReport.scoring MeasureReport.improvementNotation
    Medication.status MedicationAdministration.status MedicationDispense.status MedicationKnowledge.status
    MedicationRequest.status MedicationRequest.intent MedicationRequest.doNotPerform MedicationStatement.status
    MedicinalProductDefinition.status MessageDefinition.status NamingSystem.status NutritionIntake.status
    NutritionOrder.status NutritionOrder.intent NutritionProduct.status Observation.status
    ObservationDefinition.status OperationDefinition.status Organization.active PackagedProductDefinition.status
    Patient.active Patient.deceased Patient.link PaymentNotice.status PaymentReconciliation.status
    Permission.combining Permission.rule.type Person.active PlanDefinition.status Practitioner.active
    Procedure.status Quantity.comparator Questionnaire.status Questionnaire.item.enableWhen
    QuestionnaireResponse.status RelatedPerson.active RequestOrchestration.status RequestOrchestration.intent
    Requirements.status ResearchStudy.status ResearchSubject.status Schedule.active SearchParameter.status
    ServiceRequest.status ServiceRequest.intent ServiceRequest.doNotPerform Specimen.status
    SpecimenDefinition.status StructureDefinition.status StructureMap.status Subscription.status
    SubscriptionStatus.type SubscriptionTopic.status Substance.instance Substance.status SupplyDelivery.status
    SupplyRequest.status Task.status Task.doNotPerform TerminologyCapabilities.status TestPlan.status
    TestReport.status TestScript.status Transport.status ValueSet.status VisionPrescription.status`),
};

function paths(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

const crossVersionUrl = /^http:\/\/hl7\.org\/fhir\/(\d\.\d)\/StructureDefinition\/extension-([A-Za-z.]+)/;

/**
 * Whether the extension with that url stands for a modifier element of another release (R4, Version Management: its url names
 * release and element). Undefined for other urls.
 */
export function isModifierElsewhere(url: string): boolean | undefined {
  const [, release = '', path = ''] = crossVersionUrl.exec(url) ?? [];
  return Object.hasOwn(modifiers, release) ? modifiers[release]?.has(path) : undefined;
}
