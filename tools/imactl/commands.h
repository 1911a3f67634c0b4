/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * commands.h - the functions behind the rows of the command table, by noun.
 */
#ifndef IMACTL_COMMANDS_H
#define IMACTL_COMMANDS_H

#include "imactl.h"

int library_show(struct context *c);
int plugin_list(struct context *c);
int plugin_show(struct context *c);

int lhba_list(struct context *c);
int lhba_show(struct context *c);
int lhba_remove_stale_data(struct context *c);

int node_list(struct context *c);
int node_show(struct context *c);
int node_set_name(struct context *c);
int node_set_alias(struct context *c);
int node_clear_alias(struct context *c);
int node_generate_name(struct context *c);

int discovery_show(struct context *c);
int discovery_enable(struct context *c);
int discovery_disable(struct context *c);
int discovery_list(struct context *c);
int discovery_add(struct context *c);
int discovery_remove(struct context *c);
int discovery_run(struct context *c);

int static_list(struct context *c);
int static_add(struct context *c);
int static_remove(struct context *c);

int target_list(struct context *c);
int target_show(struct context *c);
int target_login(struct context *c);
int target_logout(struct context *c);
int target_rescan(struct context *c);

int phba_list(struct context *c);
int phba_show(struct context *c);
int phba_status(struct context *c);
int phba_check(struct context *c);
int phba_download(struct context *c);

int pnp_list(struct context *c);
int pnp_show(struct context *c);
int pnp_ip(struct context *c);
int pnp_set_ip_method(struct context *c);
int pnp_set_subnet_mask(struct context *c);
int pnp_set_gateway(struct context *c);
int pnp_set_dns(struct context *c);

int lnp_list(struct context *c);
int lnp_show(struct context *c);

int portal_list(struct context *c);
int portal_set_address(struct context *c);

int sim_run(struct context *c);
int sim_script(struct context *c);
int sim_statement(struct context *c);
int sim_version(struct context *c);

int stats_show(struct context *c);
int stats_enable(struct context *c);
int stats_disable(struct context *c);

int monitor(struct context *c);

int doctor(struct context *c);

int session_list(struct context *c);
int session_show(struct context *c);
int connection_list(struct context *c);

int lu_list(struct context *c);
int lu_show(struct context *c);
int lu_inquiry(struct context *c);
int lu_capacity(struct context *c);
int lu_report(struct context *c);
int lu_expose(struct context *c);
int lu_unexpose(struct context *c);

int param_list(struct context *c);
int param_show(struct context *c);
int param_set(struct context *c);
int param_reset(struct context *c);

int digest_show(struct context *c);
int digest_set(struct context *c);
int digest_reset(struct context *c);

int auth_show(struct context *c);
int auth_methods(struct context *c);
int auth_set(struct context *c);
int auth_clear(struct context *c);
int auth_remove(struct context *c);

#endif
