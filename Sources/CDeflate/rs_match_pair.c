#include "rs_match.h"
void rs_pair_reset(rs_tables *t){(void)t;}
void rs_pair_parse(rs_finder *f, uint32_t limit){(void)f;(void)limit;}
