package org.firstlight.fleet.state;

import org.firstlight.fleet.configuration.ReportedValues;
import org.firstlight.fleet.credential.ResumableSessions;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.registration.Registrations;

/** Every port to state, as a composition root hands them out. */
public record Stores(
    FleetState records,
    Registrations registrations,
    ReportedValues values,
    EventStream events,
    ResumableSessions sessions,
    Leases leases,
    SetAsideRecords setAside) {}
