/**
 * What will be written to one device: composed from its owner's onboarding plan, the operator's
 * PLMN policy, the owner's choices and the sealed subscription, and checked as a whole before
 * anything is sent. Comes after admission; only a {@link org.firstlight.kit.plan.CheckedPlan},
 * which only the checker makes, goes on to enrolment and session.
 */
@NullMarked
package org.firstlight.kit.plan;

import org.jspecify.annotations.NullMarked;
